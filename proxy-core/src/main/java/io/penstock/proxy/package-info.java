/** The embeddable proxy: an accept loop around the front, the exchanges and the upstream pools. */
@NullMarked
package io.penstock.proxy;

import org.jspecify.annotations.NullMarked;
