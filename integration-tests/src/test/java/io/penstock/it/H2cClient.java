package io.penstock.it;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.runtime.EventLoops;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection by prior knowledge, many requests on it. Threading: any thread but its loop. */
final class H2cClient implements AutoCloseable {

    private final EventLoops loops = new EventLoops("h2c-client", 1);
    private final Channel connection;

    H2cClient(int port) {
        connection = new Bootstrap()
                .group(loops.group())
                .channel(loops.clientChannel())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forClient().build(),
                                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    /** Sends a POST of JSON; the headers are names and values. */
    Stream post(String path, String json, String... headers) {
        Stream stream = new Stream();
        Http2StreamChannel channel = new Http2StreamChannelBootstrap(connection)
                .handler(stream)
                .open()
                .syncUninterruptibly()
                .getNow();
        Http2Headers head = new DefaultHttp2Headers()
                .method("POST")
                .path(path)
                .scheme("http")
                .authority("engine")
                .set("content-type", "application/json");
        for (int i = 0; i + 1 < headers.length; i += 2) {
            head.set(headers[i], headers[i + 1]);
        }
        channel.write(new DefaultHttp2HeadersFrame(head));
        ByteBuf body = Unpooled.copiedBuffer(json, StandardCharsets.UTF_8);
        channel.writeAndFlush(new DefaultHttp2DataFrame(body, true));
        stream.channel = channel;
        return stream;
    }

    boolean open() {
        return connection.isOpen();
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
        loops.close();
    }

    /** One request and its answer. Threading: written by the loop, read through futures. */
    static final class Stream extends ChannelInboundHandlerAdapter {

        final CompletableFuture<Integer> status = new CompletableFuture<>();
        final CompletableFuture<Void> firstBytes = new CompletableFuture<>();
        final CompletableFuture<String> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile @Nullable Channel channel;

        /** Resets the stream. */
        void cancel() {
            Objects.requireNonNull(channel).close().syncUninterruptibly();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            boolean ended = false;
            if (message instanceof Http2HeadersFrame head) {
                CharSequence code = head.headers().status();
                if (code != null) {
                    status.complete(Integer.parseInt(code.toString()));
                }
                ended = head.isEndStream();
            } else if (message instanceof Http2DataFrame data) {
                data.content()
                        .getBytes(
                                data.content().readerIndex(),
                                bytes,
                                data.content().readableBytes());
                firstBytes.complete(null);
                ended = data.isEndStream();
            }
            ReferenceCountUtil.release(message);
            if (ended) {
                body.complete(bytes.toString(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                body.completeExceptionally(new IOException("RST_STREAM " + reset.errorCode()));
                status.completeExceptionally(new IOException("RST_STREAM " + reset.errorCode()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            body.completeExceptionally(new IOException("stream closed"));
        }
    }
}
