package io.penstock.it;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A name server on a free port of this machine that knows what a test tells it, and no other name. Threading: any thread.
 */
public final class FakeNameServer implements AutoCloseable {

    private static final int TTL_SECONDS = 1;

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Channel channel;
    private @Nullable Channel tcp;
    private volatile boolean silent;
    private volatile @Nullable String truncated;
    private volatile @Nullable DnsRecordType failing;

    private FakeNameServer() {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(),
                                        new DatagramDnsResponseEncoder(),
                                        new Answering());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    public static FakeNameServer start() {
        return new FakeNameServer();
    }

    /** {@code address:port}, for a configuration. */
    public String address() {
        return "127.0.0.1:" + ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** The name stands for these IPv4 addresses from now on. */
    public void addresses(String name, byte[]... addresses) {
        records.put(key(name, DnsRecordType.A), List.of(addresses));
    }

    /** The name stands for these IPv6 addresses, too. */
    public void addresses6(String name, byte[]... addresses) {
        records.put(key(name, DnsRecordType.AAAA), List.of(addresses));
    }

    /** The name stands for these ports of {@code localhost} from now on; for none it is unknown. */
    void services(String name, int... ports) {
        records.put(
                key(name, DnsRecordType.SRV),
                Arrays.stream(ports).mapToObj(FakeNameServer::service).toList());
    }

    /** Questions for these records are answered with SERVFAIL from now on. */
    void fails(DnsRecordType type) {
        failing = type;
    }

    /** Its answers over UDP for this name say from now on that they are not whole: only the first record is there. */
    public void truncates(String name) {
        truncated = name;
    }

    /** From now on it answers over TCP, too. */
    public void answerOverTcp() {
        tcp = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new Answering());
                    }
                })
                .bind(channel.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    /** Whether it answers at all. */
    void silent(boolean isSilent) {
        silent = isSilent;
    }

    private static byte[] service(int port) {
        byte[] host = "localhost".getBytes(StandardCharsets.US_ASCII);
        ByteBuf record = Unpooled.buffer();
        record.writeShort(0).writeShort(0).writeShort(port);
        record.writeByte(host.length).writeBytes(host).writeByte(0);
        byte[] bytes = new byte[record.readableBytes()];
        record.readBytes(bytes);
        return bytes;
    }

    private static String key(String name, DnsRecordType type) {
        return type.name() + " " + name;
    }

    private final class Answering extends SimpleChannelInboundHandler<DnsQuery> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            if (silent) {
                return;
            }
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            List<byte[]> known = records.getOrDefault(key(question.name(), question.type()), List.of());
            DnsResponse response = response(query);
            response.addRecord(DnsSection.QUESTION, question);
            response.setCode(known.isEmpty() ? DnsResponseCode.NXDOMAIN : DnsResponseCode.NOERROR);
            if (question.type().equals(failing)) {
                response.setCode(DnsResponseCode.SERVFAIL);
                known = List.of();
            }
            if (question.name().equals(truncated) && query instanceof DatagramDnsQuery) {
                response.setTruncated(true);
                known = known.isEmpty() ? known : known.subList(0, 1);
            }
            for (byte[] record : known) {
                response.addRecord(
                        DnsSection.ANSWER,
                        new DefaultDnsRawRecord(
                                question.name(), question.type(), TTL_SECONDS, Unpooled.wrappedBuffer(record)));
            }
            context.writeAndFlush(response);
        }

        private static DnsResponse response(DnsQuery query) {
            if (query instanceof DatagramDnsQuery datagram) {
                InetSocketAddress self = datagram.recipient();
                InetSocketAddress asker = datagram.sender();
                return new DatagramDnsResponse(self, asker, query.id());
            }
            return new DefaultDnsResponse(query.id());
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        if (tcp != null) {
            tcp.close().syncUninterruptibly();
        }
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
