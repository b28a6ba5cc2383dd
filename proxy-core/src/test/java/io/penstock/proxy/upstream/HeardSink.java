package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.concurrent.CompletableFuture;

/** A sink that keeps whether its request was sent and how it failed. Threading: the pool's loop; {@code failure} any. */
final class HeardSink implements ResponseSink {

    final CompletableFuture<ProxyFailure> failure = new CompletableFuture<>();
    boolean sent;

    @Override
    public void onSent(long waitedNanos) {
        sent = true;
    }

    @Override
    public void onHead(HttpResponse head) {}

    @Override
    public void onContent(ByteBuf content) {
        content.release();
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onEnd(HttpHeaders trailers) {}

    @Override
    public void onFailure(ProxyFailure failed) {
        failure.complete(failed);
    }
}
