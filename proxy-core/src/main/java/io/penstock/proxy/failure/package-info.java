/** The one vocabulary of failure: what went wrong, whose fault it is, what the client reads. */
@NullMarked
package io.penstock.proxy.failure;

import org.jspecify.annotations.NullMarked;
