package io.penstock.proxy.front;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.penstock.proxy.api.ClientProtocolError;

/** Ends a connection whose client sends too much of one kind. Threading: immutable. */
final class FloodException extends Http2Exception {

    private static final long serialVersionUID = 1L;

    private final ClientProtocolError kind;

    FloodException(ClientProtocolError kind) {
        super(Http2Error.ENHANCE_YOUR_CALM, kind.label());
        this.kind = kind;
    }

    ClientProtocolError kind() {
        return kind;
    }
}
