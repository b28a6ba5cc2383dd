package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.ArrayDeque;

/**
 * What a client sent ahead of the answer to an earlier request. Bounded: past the limit nothing more is decoded and the
 * connection is not read until there is room again. Threading: loop-confined.
 */
@LoopConfined
final class PipelinedObjects {

    private static final int MAX_BYTES = 64 << 10;
    private static final int BYTES_OF_AN_OBJECT = 512;

    private final Channel channel;
    private final ArrayDeque<HttpObject> objects = new ArrayDeque<>();
    private int bytes;

    PipelinedObjects(Channel channel) {
        this.channel = channel;
    }

    void add(HttpObject object) {
        objects.add(object);
        bytes += sizeOf(object);
        if (isFull()) {
            channel.config().setAutoRead(false);
        }
    }

    /** True while no more should be decoded. */
    boolean isFull() {
        return bytes > MAX_BYTES;
    }

    HttpObject remove() {
        HttpObject object = objects.remove();
        bytes -= sizeOf(object);
        return object;
    }

    /** Reads the connection again, if little enough waits. */
    void readAgain() {
        if (!isFull()) {
            channel.config().setAutoRead(true);
        }
    }

    private static int sizeOf(HttpObject object) {
        int data = object instanceof HttpContent content ? content.content().readableBytes() : 0;
        return BYTES_OF_AN_OBJECT + data;
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    void release() {
        objects.forEach(ReferenceCountUtil::release);
        objects.clear();
        bytes = 0;
    }
}
