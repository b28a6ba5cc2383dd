package io.penstock.it.bench;

/**
 * Processor time, all in microseconds. Threading: immutable.
 *
 * @param proxy of the proxy
 * @param others of client and engines
 * @param machine of everything on this machine
 */
record CpuTimes(long proxy, long others, long machine) {

    /** Reads the times of a peer, of the engines in front of which it stands, and of this process, the client. */
    static CpuTimes now(Peer peer, Engines engines) {
        long client = ProcFiles.cpuMicros(ProcessHandle.current().pid());
        return new CpuTimes(
                peer.cpuMicros(), client + ProcFiles.cpuMicros(engines.process().pid()), ProcFiles.busyMicros());
    }

    /** What was used since {@code earlier}. */
    CpuTimes since(CpuTimes earlier) {
        return new CpuTimes(proxy - earlier.proxy, others - earlier.others, machine - earlier.machine);
    }

    /** What was used by nobody who belongs to the measurement. */
    long strangers() {
        return Math.max(0, machine - proxy - others);
    }
}
