package io.penstock.router.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A name server's address as written in the file. Threading: any thread. */
public final class NameServer {

    private static final int STANDARD_PORT = 53;
    private static final int LAST_PORT = 65_535;
    private static final Pattern WITH_PORT = Pattern.compile("([0-9.]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");

    private NameServer() {}

    /** The address, with port 53 if none is written; empty if it is none. Nothing is looked up. */
    public static Optional<InetSocketAddress> parse(String written) {
        Matcher both = WITH_PORT.matcher(written);
        String host = both.matches() ? both.group(1) : written;
        int port = both.matches() ? Integer.parseInt(both.group(2)) : STANDARD_PORT;
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        return address == null || port < 1 || port > LAST_PORT
                ? Optional.empty()
                : Optional.of(new InetSocketAddress(address, port));
    }
}
