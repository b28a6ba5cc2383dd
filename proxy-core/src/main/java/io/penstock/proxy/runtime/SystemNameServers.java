package io.penstock.proxy.runtime;

import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The name servers of the system and no others: where it names none, Netty would ask public ones. Threading: read on a thread that
 * may block, then asked on any.
 */
public final class SystemNameServers implements DnsServerAddressStreamProvider {

    /** Where systems name them. */
    public static final String FILE = "/etc/resolv.conf";

    private static final String FOLDER = "/etc/resolver";

    private final String file;
    private volatile @Nullable DnsServerAddressStreamProvider known;

    /** Those that this file names; none before {@link #read}. */
    public SystemNameServers(String file) {
        this.file = file;
    }

    /**
     * Reads which there are now. Threading: may block.
     *
     * @throws UnknownHostException if there are none, as {@link #problem} says
     */
    public void read() throws UnknownHostException {
        try {
            known = new UnixResolverDnsServerAddressStreamProvider(file, FOLDER);
        } catch (IOException | RuntimeException none) {
            known = null;
            throw new UnknownHostException("no name server is configured in " + file);
        }
    }

    /** Why no name can be resolved, in words for an operator; null where there are name servers. Any thread. */
    public @Nullable String problem() {
        return known == null ? "no name server is configured in " + file : null;
    }

    @Override
    public DnsServerAddressStream nameServerAddressStream(String hostname) {
        DnsServerAddressStreamProvider some = known;
        return some == null ? Nobody.INSTANCE : some.nameServerAddressStream(hostname);
    }

    /** Whoever asks is told at once that the name is not known. */
    private enum Nobody implements DnsServerAddressStream {
        INSTANCE;

        @Override
        public InetSocketAddress next() {
            throw new NoSuchElementException();
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public DnsServerAddressStream duplicate() {
            return this;
        }
    }
}
