package io.penstock.proxy.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A set of IP networks, such as {@code 10.0.0.0/8} and {@code fd00::/8}. An IPv4 address that is written as an IPv6 one
 * ({@code ::ffff:10.0.0.1}) is the IPv4 address. Threading: immutable.
 */
public final class Networks {

    /** No network at all. */
    public static final Networks NONE = new Networks(List.of());

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = List.copyOf(networks);
    }

    /**
     * The networks written as {@code address/bits}, or as an address alone.
     *
     * @throws IllegalArgumentException if one of them is not; see {@link #isNetwork}
     */
    public static Networks of(List<String> written) {
        return new Networks(written.stream()
                .map(text -> parse(text).orElseThrow(() -> new IllegalArgumentException("not a network: " + text)))
                .toList());
    }

    /** True if the text is {@code address/bits} with no bit set behind the prefix, or an address alone. */
    public static boolean isNetwork(String text) {
        return parse(text).isPresent();
    }

    /** The address written as text, in brackets or not; null if it is none. Never asks a name server. */
    public static @Nullable InetAddress address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String bare = bracketed ? text.substring(1, text.length() - 1) : text;
        return bare.indexOf('%') >= 0 ? null : NetUtil.createInetAddressFromIpAddressString(bare);
    }

    private static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        byte[] bytes = address.getAddress();
        int bits = slash < 0 ? bytes.length * 8 : bits(text.substring(slash + 1));
        Network network = new Network(bytes, bits);
        boolean sound = bits >= 0 && bits <= bytes.length * 8 && network.hasNoBitBehindThePrefix();
        return sound ? Optional.of(network) : Optional.empty();
    }

    private static int bits(String text) {
        return text.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(text) : -1;
    }

    /** True if one of the networks has the address. */
    public boolean contains(InetAddress address) {
        if (networks.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.has(bytes)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] prefix, int bits) {

        boolean has(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != prefix[i]) {
                    return false;
                }
            }
            int mask = 0xff00 >> (bits % 8) & 0xff;
            return mask == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0;
        }

        boolean hasNoBitBehindThePrefix() {
            for (int bit = bits; bit < prefix.length * 8; bit++) {
                if ((prefix[bit / 8] & 0x80 >> bit % 8) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
