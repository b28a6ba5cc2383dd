package io.penstock.proxy.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * What one scripted engine saw, so that tests assert on facts and not on time. Probes of the router's own
 * ({@code /health}, {@code /v1/models}) are left out, connections that carried nothing else too. Threading: any thread.
 */
public final class EngineJournal {

    private final List<WireHead> heads = new ArrayList<>();
    private final List<ReceivedRequest> requests = new ArrayList<>();
    private int connectionsOpened;
    private int connectionsClosed;
    private int aborts;
    private long bytesWritten;
    private int probes;
    private final List<Throwable> defects = new ArrayList<>();

    /** The request heads that arrived, in order. */
    public synchronized List<WireHead> heads() {
        return List.copyOf(heads);
    }

    /** The requests that arrived whole, in order of their completion. */
    public synchronized List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The only request that arrived. */
    public synchronized ReceivedRequest onlyRequest() {
        if (requests.size() != 1) {
            throw new AssertionError("expected one request, but there were " + requests.size());
        }
        return requests.get(0);
    }

    /** Connections that carried a request. */
    public synchronized int connectionsOpened() {
        return connectionsOpened;
    }

    /** Of those, the ones that ended. */
    public synchronized int connectionsClosed() {
        return connectionsClosed;
    }

    /** Requests whose connection or stream the router ended before the script had ended. */
    public synchronized int aborts() {
        return aborts;
    }

    /** Bytes of responses that the connection accepted. */
    public synchronized long bytesWritten() {
        return bytesWritten;
    }

    /** Probes of the router's own that were answered. */
    public synchronized int probes() {
        return probes;
    }

    /** Scripts that ended in an exception of their own: defects of the test, or requests no engine should get. */
    public synchronized List<Throwable> defects() {
        return List.copyOf(defects);
    }

    /** Waits until so many request heads arrived. */
    public void awaitHeads(int count) {
        awaitCount("request heads", () -> heads.size(), count);
    }

    /** Waits until so many requests arrived whole. */
    public void awaitRequests(int count) {
        awaitCount("requests", () -> requests.size(), count);
    }

    /** Waits until so many requests were aborted. */
    public void awaitAborts(int count) {
        awaitCount("aborts", () -> aborts, count);
    }

    /** Waits until so many connections that carried a request ended. */
    public void awaitConnectionsClosed(int count) {
        awaitCount("closed connections", () -> connectionsClosed, count);
    }

    synchronized void connectionOpened() {
        connectionsOpened++;
        notifyAll();
    }

    synchronized void connectionClosed() {
        connectionsClosed++;
        notifyAll();
    }

    synchronized void headArrived(WireHead head) {
        heads.add(head);
        notifyAll();
    }

    synchronized void requestArrived(ReceivedRequest request) {
        requests.add(request);
        notifyAll();
    }

    synchronized void aborted() {
        aborts++;
        notifyAll();
    }

    synchronized void wrote(long bytes) {
        bytesWritten += bytes;
        notifyAll();
    }

    synchronized void failed(Throwable defect) {
        defects.add(defect);
    }

    synchronized void probed() {
        probes++;
        notifyAll();
    }

    private synchronized void awaitCount(String what, IntSupplier counter, int expected) {
        long deadline = System.nanoTime() + Gate.LIMIT.toNanos();
        while (counter.getAsInt() < expected) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(
                        "expected " + expected + " " + what + " within " + Gate.LIMIT + ", got " + counter.getAsInt());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
