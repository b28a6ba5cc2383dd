package io.penstock.router.admin;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one admin connection, one after the other: the next one is read when the last answer is
 * written, so that slow and quick pages keep their order. Threading: confined to the connection's event loop; slow pages
 * are made on the worker.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger log = LoggerFactory.getLogger(AdminHandler.class);
    private static final String SCHEME_END = "://";

    private final List<AdminPage> pages;
    private final Executor worker;
    private boolean answering;
    private boolean watching;

    AdminHandler(List<AdminPage> pages, Executor worker) {
        this.pages = pages;
        this.worker = worker;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        ctx.read();
    }

    /** Reads on where the read brought no whole request. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!answering || watching) {
            ctx.read();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (watching) {
            ctx.close(); // nothing can be answered on a connection whose answer does not end
            return;
        }
        answering = true;
        if (request.decoderResult().isFailure()) {
            send(ctx, AdminReply.error(400, "bad_request", "the request is not valid HTTP"), false);
            return;
        }
        var target = new QueryStringDecoder(request.uri());
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        HttpHeaders headers = request.headers();
        if (changes(request.method()) && isCrossSite(headers)) {
            send(ctx, AdminReply.error(403, "cross_site", "a page of another site may change nothing here"), keepAlive);
            return;
        }
        try {
            var asked = new AdminRequest(
                    target.parameters(),
                    headers.get(HttpHeaderNames.ACCEPT),
                    headers.get(HttpHeaderNames.IF_NONE_MATCH));
            dispatch(ctx, new Call(request.method(), target.path(), asked, keepAlive));
        } catch (IllegalArgumentException e) {
            send(ctx, AdminReply.error(400, "bad_request", "the target is not validly encoded"), keepAlive);
        }
    }

    private static boolean changes(HttpMethod method) {
        return !HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method);
    }

    /** Browsers tell which site a request comes from (RFC 6454, section 7); other clients have no such header. */
    private static boolean isCrossSite(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return false;
        }
        int scheme = origin.indexOf(SCHEME_END);
        String site = scheme < 0 ? "" : origin.substring(scheme + SCHEME_END.length());
        return site.isEmpty() || !site.equalsIgnoreCase(headers.get(HttpHeaderNames.HOST));
    }

    private void dispatch(ChannelHandlerContext ctx, Call call) {
        List<AdminPage> there =
                pages.stream().filter(page -> page.path().equals(call.path())).toList();
        HttpMethod method = HttpMethod.HEAD.equals(call.method()) ? HttpMethod.GET : call.method();
        for (AdminPage page : there) {
            if (page.method().equals(method)) {
                answer(ctx, page, call);
                return;
            }
        }
        if (there.isEmpty()) {
            send(ctx, notFound(call.path()), call.keepAlive());
        } else {
            sendNotAllowed(ctx, there, call.keepAlive());
        }
    }

    private AdminReply notFound(String path) {
        List<AdminPage> named = pages.stream()
                .filter(page -> !page.path().startsWith(StatusFiles.FOLDER))
                .toList();
        return AdminReply.error(404, "not_found", "the admin port has no page " + path + "; it has " + listed(named));
    }

    private void sendNotAllowed(ChannelHandlerContext ctx, List<AdminPage> there, boolean keepAlive) {
        FullHttpResponse response =
                response(AdminReply.error(405, "method_not_allowed", "this page has only " + listed(there)), keepAlive);
        response.headers()
                .set(
                        HttpHeaderNames.ALLOW,
                        there.stream().map(page -> page.method().name()).collect(Collectors.joining(", ")));
        send(ctx, response, keepAlive);
    }

    private static String listed(List<AdminPage> pages) {
        return pages.stream().map(page -> page.method() + " " + page.path()).collect(Collectors.joining(", "));
    }

    private void answer(ChannelHandlerContext ctx, AdminPage page, Call call) {
        if (!page.slow()) {
            AdminReply reply = make(page, call.request());
            if (reply.watchers() == null || HttpMethod.HEAD.equals(call.method())) {
                send(ctx, reply, call.keepAlive());
            } else {
                watch(ctx, reply, reply.watchers());
            }
            return;
        }
        try {
            worker.execute(() -> {
                AdminReply reply = make(page, call.request());
                ctx.executor().execute(() -> send(ctx, reply, call.keepAlive()));
            });
        } catch (RejectedExecutionException e) {
            send(ctx, AdminReply.error(503, "overloaded", "too many requests for " + page.path()), call.keepAlive());
        }
    }

    /** From now on the connection is read only to notice its end, however long that takes. */
    private void watch(ChannelHandlerContext ctx, AdminReply reply, Watchers watchers) {
        watching = true;
        ctx.pipeline().remove(ReadTimeoutHandler.class);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
        describe(head, reply, false);
        ctx.write(head);
        ctx.writeAndFlush(new DefaultHttpContent(reply.body())).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        watchers.add(ctx.channel(), ctx.executor(), worker);
        ctx.read();
    }

    private static AdminReply make(AdminPage page, AdminRequest request) {
        try {
            return page.answer().apply(request);
        } catch (RuntimeException e) {
            log.error("admin page {} failed", page.path(), e);
            return AdminReply.error(500, "internal", "the page failed; the router's log says why");
        }
    }

    private void send(ChannelHandlerContext ctx, AdminReply reply, boolean keepAlive) {
        send(ctx, response(reply, keepAlive), keepAlive);
    }

    private static FullHttpResponse response(AdminReply reply, boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), reply.body());
        describe(response, reply, keepAlive);
        if (reply.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
            HttpUtil.setContentLength(response, reply.body().readableBytes());
        }
        return response;
    }

    private static void describe(HttpResponse response, AdminReply reply, boolean keepAlive) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        reply.headers().forEach((name, value) -> response.headers().set(name, value));
        HttpUtil.setKeepAlive(response, keepAlive);
    }

    private void send(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
        ctx.writeAndFlush(response)
                .addListener((ChannelFuture written) -> {
                    answering = false;
                    if (keepAlive && written.isSuccess()) {
                        ctx.read();
                    }
                })
                .addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof ReadTimeoutException)) {
            log.debug("admin connection failed", cause);
        }
        ctx.close();
    }

    /** A request that is being answered. Threading: immutable. */
    private record Call(HttpMethod method, String path, AdminRequest request, boolean keepAlive) {}
}
