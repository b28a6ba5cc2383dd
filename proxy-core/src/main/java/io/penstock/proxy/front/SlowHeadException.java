package io.penstock.proxy.front;

import io.netty.handler.codec.DecoderException;

/** A request head stayed incomplete for too long: the connection is not decoded any further. Threading: immutable. */
final class SlowHeadException extends DecoderException {

    private static final long serialVersionUID = 1L;

    SlowHeadException(long limitMillis) {
        super("the request head was not complete within " + limitMillis + " ms");
    }

    /** It is an expected event, and tells nothing by its place. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
