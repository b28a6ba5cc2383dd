package io.penstock.router.discovery;

import java.time.Duration;
import java.util.List;

/**
 * What the DNS says of a name. Threading: immutable.
 *
 * @param targets what it stands for, at least one
 * @param ttl for how long that may be believed
 */
record DnsAnswer(List<Target> targets, Duration ttl) {

    /**
     * One place.
     *
     * @param host an address, IPv6 without brackets, or a host name
     * @param port the port, or 0 if the record has none
     */
    record Target(String host, int port) {}
}
