package io.penstock.proxy.upstream;

import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.proxy.runtime.Ticker;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Resolves the names of engines by the name servers of the system. Which those are is read anew while names are asked for; a question
 * does not wait for that. Threading: any thread.
 */
final class EngineNames implements DnsServerAddressStreamProvider, AutoCloseable {

    /** How old the servers may be that a question makes do with once. */
    static final Duration AGE = Duration.ofSeconds(10);

    private final SystemNameServers servers;
    private final Executor threads;
    private final Ticker ticker;
    private final AtomicLong readAt;
    private final AddressResolverGroup<InetSocketAddress> resolver;

    /**
     * Reads the name servers for the first time.
     *
     * @param threads read them again
     */
    EngineNames(EventLoops loops, SystemNameServers servers, Executor threads, Ticker ticker) {
        this.servers = servers;
        this.threads = threads;
        this.ticker = ticker;
        this.readAt = new AtomicLong(ticker.nanos());
        this.resolver = new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(loops.datagramChannel())
                .nameServerProvider(this));
        read();
    }

    AddressResolverGroup<InetSocketAddress> resolver() {
        return resolver;
    }

    /** What an engine has whose name was not found. */
    String notFound() {
        String problem = servers.problem();
        return problem == null ? "a host name that does not resolve" : "a host name, and " + problem;
    }

    @Override
    public DnsServerAddressStream nameServerAddressStream(String hostname) {
        long last = readAt.get();
        long now = ticker.nanos();
        if (now - last >= AGE.toNanos() && readAt.compareAndSet(last, now)) {
            readSoon();
        }
        return servers.nameServerAddressStream(hostname);
    }

    private void readSoon() {
        try {
            threads.execute(this::read);
        } catch (RejectedExecutionException busy) {
            // a later question has it read
        }
    }

    private void read() {
        try {
            servers.read();
        } catch (UnknownHostException none) {
            // told where a name is not found
        }
    }

    @Override
    public void close() {
        resolver.close();
    }
}
