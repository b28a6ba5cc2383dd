package io.penstock.router.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DnsResponseCode;

/**
 * Makes a truncated answer (RFC 1035, section 4.1.1) a failed one, which Netty asks for again over TCP as before: where that fails,
 * it takes what it has for the whole. Threading: on the loop of the channel; what was seen may be read on any thread.
 */
@Sharable
final class TruncatedAnswers extends ChannelInboundHandlerAdapter {

    private static final int HEADER = 12;
    private static final int FLAGS = 2;
    private static final int TRUNCATED = 0x02;
    private static final int CODE = 3;
    private static final int NOT_CODE = 0xf0;

    private volatile boolean seen;

    /** From now on none was seen. */
    void forget() {
        seen = false;
    }

    /** True if one was seen. */
    boolean seen() {
        return seen;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (read instanceof DatagramPacket packet && packet.content().readableBytes() >= HEADER) {
            ByteBuf answer = packet.content();
            int start = answer.readerIndex();
            if ((answer.getByte(start + FLAGS) & TRUNCATED) != 0) {
                seen = true;
                int others = answer.getByte(start + CODE) & NOT_CODE;
                answer.setByte(start + CODE, others | DnsResponseCode.SERVFAIL.intValue());
            }
        }
        ctx.fireChannelRead(read);
    }
}
