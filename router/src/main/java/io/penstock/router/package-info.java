/** The product: command line and composition root. */
@NullMarked
package io.penstock.router;

import org.jspecify.annotations.NullMarked;
