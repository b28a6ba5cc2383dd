package io.penstock.router.discovery;

import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name servers of the system and no others: where it names none, Netty would ask public ones. Threading: read on a thread that
 * may block, then asked on any.
 */
final class SystemNameServers implements DnsServerAddressStreamProvider {

    /** Where systems name them. */
    static final String FILE = "/etc/resolv.conf";

    private static final String FOLDER = "/etc/resolver";

    private final String file;
    private volatile @Nullable DnsServerAddressStreamProvider known;

    SystemNameServers(String file) {
        this.file = file;
    }

    /**
     * Reads which there are now.
     *
     * @throws UnknownHostException if there are none, in words for an operator
     */
    void read() throws UnknownHostException {
        try {
            known = new UnixResolverDnsServerAddressStreamProvider(file, FOLDER);
        } catch (IOException | IllegalArgumentException none) {
            throw new UnknownHostException("there is no name server in " + file + "; write nameServers");
        }
    }

    @Override
    public DnsServerAddressStream nameServerAddressStream(String hostname) {
        return Objects.requireNonNull(known).nameServerAddressStream(hostname);
    }
}
