package io.penstock.it.bench;

import java.time.Duration;

/**
 * One peer under one load, once. Threading: immutable.
 *
 * @param counts what the client received in the window
 * @param window how long the window was
 * @param cpu the processor time used within it
 * @param traffic what went through sockets within it
 * @param residentKib the proxy's memory at its end
 * @param grownKib by how much that is more than before the first load of the scenario
 */
record Measurement(
        Tally.Counts counts, Duration window, CpuTimes cpu, Traffic traffic, long residentKib, long grownKib) {

    /** Processor time of the proxy for one streamed chunk. */
    double cpuPerChunk() {
        return (double) cpu.proxy() / counts.chunks();
    }

    /** Processor time of the proxy for one complete answer. */
    double cpuPerAnswer() {
        return (double) cpu.proxy() / counts.answers();
    }

    /** Processor time of the client for one streamed chunk. */
    double clientCpuPerChunk() {
        return perChunk(traffic.clientMicros());
    }

    /** Calls of the kernel by the proxy to read, for one streamed chunk. */
    double readsPerChunk() {
        return perChunk(traffic.reads());
    }

    /** Calls of the kernel by the proxy to write, for one streamed chunk. */
    double writesPerChunk() {
        return perChunk(traffic.writes());
    }

    /** Packets on the loopback device for one streamed chunk. */
    double packetsPerChunk() {
        return perChunk(traffic.packets());
    }

    /** How often the client read something, for one streamed chunk. */
    double clientReadsPerChunk() {
        return perChunk(counts.reads());
    }

    private double perChunk(long count) {
        return (double) count / counts.chunks();
    }

    /** Chunks or, where nothing is streamed, answers in one second. */
    double perSecond(boolean stream) {
        return (stream ? counts.chunks() : counts.answers()) * 1e9 / window.toNanos();
    }

    /** The share of one processor that the proxy took, in percent. */
    double proxyBusyPercent() {
        return percent(cpu.proxy());
    }

    /** The share of one processor that client and engines took together, in percent. */
    double othersBusyPercent() {
        return percent(cpu.others());
    }

    /** The share of one processor that other programs took, in percent: what disturbs the measurement. */
    double strangersPercent() {
        return percent(cpu.strangers());
    }

    private double percent(long micros) {
        return micros * 100_000.0 / window.toNanos();
    }
}
