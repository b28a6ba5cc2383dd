package io.penstock.proxy.testkit;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects one stream's request and starts its turn at the head. Threading: the connection's event loop. */
final class Http2StreamHandler extends SimpleChannelInboundHandler<Http2StreamFrame> {

    private final Http2Connection connection;
    private @Nullable Http2Turn turn;

    Http2StreamHandler(Http2Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame headers && turn == null) {
            Http2Turn begun = begin(ctx, headers);
            turn = begun;
            if (headers.isEndStream()) {
                begun.bodyEnded();
            }
            connection.play(begun);
        } else if (frame instanceof Http2DataFrame data && turn != null) {
            byte[] bytes = new byte[data.content().readableBytes()];
            data.content().getBytes(data.content().readerIndex(), bytes);
            turn.bodyGrew(bytes);
            if (data.isEndStream()) {
                turn.bodyEnded();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            leave();
            // what was not read would otherwise keep the stream open
            ChannelFuture unused = ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        leave();
        ChannelFuture unused = ctx.close();
    }

    private void leave() {
        if (turn != null) {
            turn.left();
        }
    }

    private Http2Turn begin(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
            fields.add(Map.entry(field.getKey().toString(), field.getValue().toString()));
        }
        String line = frame.headers().method() + " " + frame.headers().path() + " HTTP/2";
        WireHead head = new WireHead(line, List.copyOf(fields));
        boolean probe = Playbook.isProbe(head);
        if (probe) {
            connection.journal().probed();
        } else {
            connection.carriesRequest();
            connection.journal().headArrived(head);
        }
        return new Http2Turn(connection, ctx.channel(), head, probe);
    }
}
