package io.penstock.router.prompt;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.config.RouteTokensConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Requests whose tokens are wanted. Threading: pure functions. */
final class PromptCalls {

    private PromptCalls() {}

    static PromptCall call(String path, @Nullable Endpoint engine, BooleanSupplier unwanted) {
        var client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var head = new RequestHead(HttpMethod.POST, path, new DefaultHttpHeaders(), client, "http", "id", 0);
        var request = new RoutingRequest(head, Unpooled.EMPTY_BUFFER, ImmediateEventExecutor.INSTANCE);
        return new PromptCall(request, path, "m", "m", engine, RouteTokensConfig.NONE, unwanted);
    }
}
