package io.penstock.router.discovery;

import io.netty.util.concurrent.Future;

/** Asks name servers. Threading: any thread; never blocks. */
interface DnsLookup extends AutoCloseable {

    /** Asks once for what the name stands for; fails, in words for an operator, if nothing is found or nobody answers. */
    Future<DnsAnswer> ask();

    /** Asks no more. */
    @Override
    void close();
}
