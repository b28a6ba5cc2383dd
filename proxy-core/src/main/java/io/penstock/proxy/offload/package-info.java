/** Work too long for an event loop: bounded threads, a bounded queue, answers on the loop that asked. */
@NullMarked
package io.penstock.proxy.offload;

import org.jspecify.annotations.NullMarked;
