/** End to end: the composed router on real sockets between real or scripted clients and engines. */
@NullMarked
package io.penstock.it;

import org.jspecify.annotations.NullMarked;
