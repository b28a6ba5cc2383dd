package io.penstock.it.bench;

/**
 * What went through sockets. Threading: immutable.
 *
 * @param clientMicros processor time of the client
 * @param reads how often the proxy called the kernel to read; of proxies that read as the JVM does
 * @param writes how often it called the kernel to write
 * @param packets packets on the loopback device, everybody's
 */
record Traffic(long clientMicros, long reads, long writes, long packets) {

    /** Reads what was counted so far. */
    static Traffic now(Peer peer) {
        ProcFiles.Calls calls = peer.calls();
        long client = ProcFiles.cpuMicros(ProcessHandle.current().pid());
        return new Traffic(client, calls.reads(), calls.writes(), ProcFiles.loopbackPackets());
    }

    /** What was counted since {@code earlier}. */
    Traffic since(Traffic earlier) {
        return new Traffic(
                clientMicros - earlier.clientMicros,
                reads - earlier.reads,
                writes - earlier.writes,
                packets - earlier.packets);
    }
}
