package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * One request to an engine. Threading: confined to the pool's event loop.
 *
 * @param method the method
 * @param uri the target in origin form
 * @param headers end-to-end headers in HTTP/1.1 form, {@code host} and {@code content-length} included
 * @param body the whole body, owned by this request: released once written or dropped
 */
public record UpstreamRequest(HttpMethod method, String uri, HttpHeaders headers, ByteBuf body) {}
