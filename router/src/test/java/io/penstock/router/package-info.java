/** Tests of the command line. */
@NullMarked
package io.penstock.router;

import org.jspecify.annotations.NullMarked;
