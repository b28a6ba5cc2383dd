/** Client-side channels: the framing guard, and HTTP objects to and from exchanges. */
@NullMarked
package io.penstock.proxy.front;

import org.jspecify.annotations.NullMarked;
