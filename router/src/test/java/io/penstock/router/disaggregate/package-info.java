@NullMarked
package io.penstock.router.disaggregate;

import org.jspecify.annotations.NullMarked;
