/** Component tests of the data plane: real sockets on this machine, scripted engines, a router that always knows where to go. */
@NullMarked
package io.penstock.proxy;

import org.jspecify.annotations.NullMarked;
