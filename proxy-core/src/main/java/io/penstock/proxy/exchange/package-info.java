/** One request from its first byte to its last: the exchange that owns it, its attempts, and the relay of the response. */
@NullMarked
package io.penstock.proxy.exchange;

import org.jspecify.annotations.NullMarked;
