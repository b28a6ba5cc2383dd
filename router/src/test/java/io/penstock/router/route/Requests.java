package io.penstock.router.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Requests and what a router makes of them. Threading: confined to the test's thread. */
final class Requests {

    private Requests() {}

    static RoutingRequest request(HttpMethod method, String uri, String body, String... headers) {
        return request(method, uri, Unpooled.copiedBuffer(body, UTF_8), headers);
    }

    static RoutingRequest request(HttpMethod method, String uri, ByteBuf body, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders().add("host", "penstock").add("content-type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        var client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var head = new RequestHead(method, uri, all, client, "http", "id", 0);
        return new RoutingRequest(head, body, ImmediateEventExecutor.INSTANCE);
    }

    static RoutingRequest chat(String model, String... headers) {
        return request(HttpMethod.POST, "/v1/chat/completions", "{\"model\":\"" + model + "\"}", headers);
    }

    static RouteDecision decision(Future<RouteDecision> future) {
        assertThat(future.isSuccess()).isTrue();
        return future.getNow();
    }

    static RouteDecision.Forward forward(RequestRouter router, RoutingRequest request) {
        RouteDecision decision = decision(router.route(request));
        assertThat(decision).isInstanceOf(RouteDecision.Forward.class);
        return (RouteDecision.Forward) decision;
    }

    static RouteDecision.Reject reject(RequestRouter router, RoutingRequest request) {
        RouteDecision decision = decision(router.route(request));
        assertThat(decision).isInstanceOf(RouteDecision.Reject.class);
        return (RouteDecision.Reject) decision;
    }

    static ProxyFailure refused(RequestRouter router, RoutingRequest request, FailureKind kind) {
        ProxyFailure failure = reject(router, request).failure();
        assertThat(failure.kind()).isEqualTo(kind);
        return failure;
    }

    static String answer(RequestRouter router, RoutingRequest request) {
        RouteDecision decision = decision(router.route(request));
        assertThat(decision).isInstanceOf(RouteDecision.Answer.class);
        RouteDecision.Answer answer = (RouteDecision.Answer) decision;
        assertThat(answer.status()).isEqualTo(200);
        String text = answer.body().toString(UTF_8);
        answer.body().release();
        return text;
    }
}
