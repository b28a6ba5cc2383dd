/** Pooled connections to engines: one pool for each event loop, HTTP/1.1 and HTTP/2 behind one {@code UpstreamConnection}. */
@NullMarked
package io.penstock.proxy.upstream;

import org.jspecify.annotations.NullMarked;
