package io.penstock.router.discovery;

import io.netty.channel.EventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import io.penstock.router.config.NameServer;
import io.penstock.router.files.Lookout;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks name servers over UDP, and over TCP where an answer is too long for that, from one event loop. Nothing is remembered: who
 * asks decides when. Threading: any thread; answers come on the loop.
 */
final class NettyDnsLookup implements DnsLookup {

    private static final Set<DnsResponseCode> NOTHING = Set.of(DnsResponseCode.NOERROR, DnsResponseCode.NXDOMAIN);

    private final DnsConfig config;
    private final EventLoop loop;
    private final SystemNameServers system;
    private final Lookout thread = new Lookout("penstock-dns");
    private final TruncatedAnswers truncated = new TruncatedAnswers();
    private final DnsNameResolver resolver;

    NettyDnsLookup(DnsConfig config, EventLoops loops) {
        this(config, loops, new SystemNameServers(SystemNameServers.FILE));
    }

    NettyDnsLookup(DnsConfig config, EventLoops loops, SystemNameServers system) {
        this.config = config;
        this.loop = loops.group().next();
        this.system = system;
        List<InetSocketAddress> servers = config.nameServers().stream()
                .map(NameServer::parse)
                .flatMap(Optional::stream)
                .toList();
        this.resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelFactory(() -> datagramChannel(loops))
                .socketChannelType(loops.clientChannel())
                .nameServerProvider(servers.isEmpty() ? system : new SequentialDnsServerAddressStreamProvider(servers))
                .build();
    }

    private DatagramChannel datagramChannel(EventLoops loops) {
        DatagramChannel channel = new ReflectiveChannelFactory<>(loops.datagramChannel()).newChannel();
        channel.pipeline().addLast(truncated);
        return channel;
    }

    @Override
    public Future<DnsAnswer> ask() {
        Promise<DnsAnswer> promise = loop.newPromise();
        if (config.nameServers().isEmpty()) {
            thread.soon(() -> askSystem(promise));
        } else {
            ask(promise);
        }
        return promise;
    }

    /** The promise is kept whatever happens: who waits for it asks no more. */
    private void askSystem(Promise<DnsAnswer> promise) {
        try {
            system.read();
            ask(promise);
        } catch (UnknownHostException none) {
            promise.tryFailure(new UnknownHostException(none.getMessage() + "; write nameServers"));
        } catch (RuntimeException defect) {
            promise.tryFailure(defect);
        }
    }

    private void ask(Promise<DnsAnswer> promise) {
        truncated.forget();
        if (config.records() == Records.SRV) {
            ask(DnsRecordType.SRV, DnsRecords::services, promise);
        } else {
            askForAddresses(promise);
        }
    }

    private void askForAddresses(Promise<DnsAnswer> promise) {
        Promise<DnsAnswer> version4 = loop.newPromise();
        version4.addListener(done -> {
            if (done.isSuccess()) {
                promise.setSuccess(version4.getNow());
            } else if (done.cause() instanceof ServersFailed) {
                // engines must not change their addresses for that
                promise.setFailure(done.cause());
            } else {
                ask(DnsRecordType.AAAA, DnsRecords::addresses, promise);
            }
        });
        ask(DnsRecordType.A, DnsRecords::addresses, version4);
    }

    private void ask(DnsRecordType type, Function<List<DnsRecord>, DnsAnswer> read, Promise<DnsAnswer> promise) {
        resolver.resolveAll(new DefaultDnsQuestion(config.name(), type)).addListener((Future<List<DnsRecord>> done) -> {
            if (!done.isSuccess()) {
                promise.setFailure(told(done.cause(), type));
                return;
            }
            List<DnsRecord> records = done.getNow();
            try {
                answer(read.apply(records), type, promise);
            } catch (RuntimeException malformed) {
                promise.setFailure(new UnknownHostException("the answer cannot be read: " + malformed.getMessage()));
            } finally {
                records.forEach(ReferenceCountUtil::release);
            }
        });
    }

    private static void answer(DnsAnswer answer, DnsRecordType type, Promise<DnsAnswer> promise) {
        if (answer.targets().isEmpty()) {
            promise.setFailure(new UnknownHostException(nothing(type)));
        } else {
            promise.setSuccess(answer);
        }
    }

    private static String nothing(DnsRecordType type) {
        return "the name has no " + type.name() + " records";
    }

    /** In words that are the same for the same failure. */
    private UnknownHostException told(Throwable failure, DnsRecordType type) {
        if (truncated.seen()) {
            // and another server may say that there is no such name
            return new ServersFailed("the answer is too long for UDP, and over TCP there was none");
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof DnsNameResolverTimeoutException) {
                return new ServersFailed("no name server answered in time");
            }
            if (at instanceof DnsErrorCauseException refusal) {
                String text = nothing(type) + ": " + refusal.getCode();
                return NOTHING.contains(refusal.getCode()) ? new UnknownHostException(text) : new ServersFailed(text);
            }
        }
        return new UnknownHostException(nothing(type));
    }

    /** A name server did not answer, or could not: nothing is known of the name. */
    private static final class ServersFailed extends UnknownHostException {

        private static final long serialVersionUID = 1;

        ServersFailed(String why) {
            super(why);
        }
    }

    @Override
    public void close() {
        thread.close();
        resolver.close();
    }
}
