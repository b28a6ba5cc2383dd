/** Threads and time: event loops, the clock, loop assertions. */
@NullMarked
package io.penstock.proxy.runtime;

import org.jspecify.annotations.NullMarked;
