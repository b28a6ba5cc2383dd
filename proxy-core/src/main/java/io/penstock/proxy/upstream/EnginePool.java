package io.penstock.proxy.upstream;

import io.netty.channel.EventLoop;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Loops;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one engine.
 *
 * <p>{@code idle} holds HTTP/1.1 connections without a request, the most recently used first, so that the others age and
 * are closed. {@code shared} holds HTTP/2 connections, which take requests while they have streams to spare. A request
 * that finds neither waits in line, and a connect is started for it unless enough are under way already: one for each
 * waiting request over HTTP/1.1, one for as many as share a connection over HTTP/2 or while it is unknown which of the two
 * the engine speaks. Whatever becomes usable first, a new connection or a released one, serves the first in line; a connect
 * that fails, or brings a connection that takes nothing, fails those in line that no other connect is under way for. As a connect
 * is for whoever is first in line, each request has a time limit of its own besides.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class EnginePool {

    private final EventLoop loop;
    private final Endpoint endpoint;
    private final Connector connector;
    private final ProxyOptions.Upstream options;
    private final Ticker ticker;
    private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
    private final List<Http2Connection> shared = new ArrayList<>();
    private final LinkedHashSet<PendingRequest> waiting = new LinkedHashSet<>();
    private int open;
    private int connecting;
    private boolean retired;

    EnginePool(EventLoop loop, Endpoint endpoint, Connector connector, ProxyOptions.Upstream options, Ticker ticker) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.connector = connector;
        this.options = options;
        this.ticker = ticker;
    }

    /** Sends the request on a pooled or new connection. */
    UpstreamStream send(UpstreamRequest request, Duration connectTimeout, ResponseSink sink) {
        Loops.assertIn(loop);
        UpstreamConnection connection = takeShared();
        if (connection == null) {
            connection = takeIdle();
        }
        if (connection != null) {
            sink.onSent(0);
            return connection.send(request, sink);
        }
        var pending = new PendingRequest(this, request, sink, ticker.nanos());
        waiting.add(pending);
        connectIfNeeded(connectTimeout);
        pending.waitAtMost(connectTimeout);
        return pending;
    }

    private @Nullable UpstreamConnection takeShared() {
        for (int i = 0; i < shared.size(); i++) {
            Http2Connection connection = shared.get(i);
            if (connection.freeStreams() > 0) {
                return connection;
            }
        }
        return null;
    }

    private @Nullable UpstreamConnection takeIdle() {
        Http1Connection connection;
        while ((connection = idle.pollFirst()) != null) {
            if (connection.freeStreams() > 0 && !idledTooLong(connection)) {
                return connection;
            }
            connection.retire();
        }
        return null;
    }

    private boolean idledTooLong(UpstreamConnection connection) {
        return ticker.nanos() - connection.idleSinceNanos()
                >= options.idleTimeout().toNanos();
    }

    private void connectIfNeeded(Duration timeout) {
        while (withoutConnect() > 0) {
            connecting++;
            connector.connect(this, timeout);
        }
    }

    /** How many waiting requests no connect under way is meant for. */
    private long withoutConnect() {
        int sharedBy = connector.isExclusive(endpoint) ? 1 : options.maxStreamsPerConnection();
        return waiting.size() - (long) connecting * sharedBy;
    }

    /** Called by the connector: a connection was established, and its requests may follow. */
    void connected(UpstreamConnection connection, Duration timeout) {
        Loops.assertIn(loop);
        connecting--;
        open++;
        if (connection instanceof Http2Connection multiplexed) {
            shared.add(multiplexed);
        }
        if (connection.freeStreams() > 0) {
            usable(connection);
            connectIfNeeded(timeout);
        } else {
            // connecting again would most likely bring another such connection, and so on without end
            failWithoutConnect(ProxyFailure.of(FailureKind.CONNECT_FAILED, "the engine takes no requests"));
        }
    }

    /** Called by the connector: no connection could be established. */
    void connectFailed(ProxyFailure failure) {
        Loops.assertIn(loop);
        connecting--;
        failWithoutConnect(failure);
        if (connecting == 0) {
            doubtProtocol();
        }
    }

    private void failWithoutConnect(ProxyFailure failure) {
        // counted once: a request that fails may bring new ones, which see to their own connects
        for (long failing = withoutConnect(); failing > 0 && !waiting.isEmpty(); failing--) {
            firstWaiting().fail(failure);
        }
    }

    private PendingRequest firstWaiting() {
        var inLine = waiting.iterator();
        PendingRequest first = inLine.next();
        inLine.remove();
        return first;
    }

    /** Called when the engine may speak something else than was learned. */
    void doubtProtocol() {
        connector.forget(endpoint);
    }

    /** Called by a connection that can take a request, or one more. */
    void usable(UpstreamConnection connection) {
        Loops.assertIn(loop);
        while (connection.freeStreams() > 0 && !waiting.isEmpty()) {
            firstWaiting().sendOn(connection, ticker.nanos());
        }
        if (retired) {
            connection.retire();
        } else if (connection instanceof Http1Connection exclusive && connection.freeStreams() > 0) {
            exclusive.pooled();
            idle.addFirst(exclusive);
        }
    }

    /** Called by a connection that takes no more requests. */
    void unusable(UpstreamConnection connection) {
        if (connection instanceof Http1Connection) {
            idle.remove(connection);
        } else {
            shared.remove(connection);
        }
    }

    /** Called by a connection that ended. */
    void closed(UpstreamConnection connection) {
        Loops.assertIn(loop);
        open--;
        unusable(connection);
        observer().upstreamDisconnected(endpoint);
    }

    /** Called by a request that no longer waits. */
    void left(PendingRequest pending) {
        waiting.remove(pending);
    }

    /** Closes connections that were idle for too long. */
    void closeIdle() {
        Loops.assertIn(loop);
        Http1Connection oldest;
        while ((oldest = idle.peekLast()) != null && idledTooLong(oldest)) {
            idle.pollLast();
            oldest.retire();
        }
        for (Http2Connection connection : List.copyOf(shared)) {
            if (connection.isIdle() && idledTooLong(connection)) {
                connection.retire();
            }
        }
    }

    /** Closes the idle connections. */
    void retireIdle() {
        List.copyOf(idle).forEach(Http1Connection::retire);
    }

    /** Retires every connection: idle ones close now, the others with their last response. */
    void retireAll() {
        retired = true;
        retireIdle();
        List.copyOf(shared).forEach(Http2Connection::retire);
    }

    /** True when nothing is left to keep. */
    boolean isEmpty() {
        return open == 0 && connecting == 0 && waiting.isEmpty();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    EventLoop loop() {
        return loop;
    }

    ProxyOptions.Upstream options() {
        return options;
    }

    ProxyObserver observer() {
        return connector.observer();
    }

    long nanos() {
        return ticker.nanos();
    }
}
