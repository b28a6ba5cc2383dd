package io.penstock.proxy.front;

import io.penstock.proxy.api.ClientLimits;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many client connections there are, on all loops together and of each address. An address is in the map while it has a
 * connection, so the map is no larger than their number. One network of IPv6 counts as one address, since a single client may
 * have all addresses of it. Threading: counter; any event loop.
 */
final class ClientConnections {

    private static final int IPV6_NETWORK_BYTES = 8;

    private final ClientLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<Object, AtomicInteger> byAddress = new ConcurrentHashMap<>();

    ClientConnections(ClientLimits limits) {
        this.limits = limits;
    }

    /** Counts one more connection; false, and counts nothing, if there are as many as there may be. */
    boolean open() {
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Counts one more connection of this client; false, and counts nothing, if its address has as many as it may have. */
    boolean openOf(SocketAddress client) {
        return limits.maxConnectionsPerAddress() == 0 || countOf(keyOf(client));
    }

    /** A counter at zero is on its way out of the map and never counts again. */
    private boolean countOf(Object address) {
        while (true) {
            AtomicInteger count = byAddress.get(address);
            if (count == null) {
                if (byAddress.putIfAbsent(address, new AtomicInteger(1)) == null) {
                    return true;
                }
                continue;
            }
            int now = count.get();
            if (now == 0) {
                byAddress.remove(address, count);
            } else if (now >= limits.maxConnectionsPerAddress()) {
                return false;
            } else if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** A connection that was counted is closed. */
    void closed() {
        open.decrementAndGet();
    }

    /** A connection that was counted for this client is closed. */
    void closedOf(SocketAddress client) {
        if (limits.maxConnectionsPerAddress() > 0) {
            Object address = keyOf(client);
            AtomicInteger count = byAddress.get(address);
            if (count != null && count.decrementAndGet() == 0) {
                byAddress.remove(address, count);
            }
        }
    }

    private static Object keyOf(SocketAddress client) {
        InetAddress address = client instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address instanceof Inet6Address) {
            return ByteBuffer.wrap(address.getAddress(), 0, IPV6_NETWORK_BYTES).getLong();
        }
        return address == null ? client : address;
    }

    /** Connections that are counted now. */
    int count() {
        return open.get();
    }

    /** Addresses that have connections now. */
    int addresses() {
        return byAddress.size();
    }
}
