package io.penstock.it;

import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.*;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.EventLoops;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.atomic.*;
import java.util.regex.*;

final class RouterUnderTest implements AutoCloseable {
    final EventLoops loops;
    final ProxyServer server;
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger exchanges = new AtomicInteger();

    static String find(String yaml, String re, String def) {
        Matcher m = Pattern.compile(re).matcher(yaml);
        return m.find() ? m.group(1) : def;
    }

    static Duration dur(String s) {
        return s.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(s.replace("ms", "")))
                : Duration.ofSeconds(Long.parseLong(s.replace("s", "")));
    }

    RouterUnderTest(String yaml) throws Exception {
        List<Endpoint> eps = new ArrayList<>();
        Matcher m = Pattern.compile("url: \"http://([^:]+):(\\d+)\", protocol: (\\w+)")
                .matcher(yaml);
        while (m.find())
            eps.add(new Endpoint(
                    m.group(1),
                    Integer.parseInt(m.group(2)),
                    Endpoint.Protocol.valueOf(m.group(3).toUpperCase())));
        RouteTimeouts t = new RouteTimeouts(
                dur(find(yaml, "connect: (\\w+)", "1s")),
                dur(find(yaml, "firstToken: (\\w+)", "600s")),
                dur(find(yaml, "betweenTokens: (\\w+)", "120s")));
        loops = new EventLoops("router", Integer.parseInt(find(yaml, "loops: (\\d+)", "1")));
        AtomicInteger rr = new AtomicInteger();
        int attempts = Integer.parseInt(find(yaml, "attempts: (\\d+)", "2"));
        RequestRouter r = req -> {
            int first = rr.getAndIncrement();
            class Plan implements RoutePlan {
                int n;

                public RouteLabels labels() {
                    return new RouteLabels("main", "chat", "m");
                }

                public RouteTimeouts timeouts() {
                    return t;
                }

                Future<RouteDecision> next() {
                    Endpoint e = eps.get((first + n++) % eps.size());
                    open.incrementAndGet();
                    AtomicBoolean once = new AtomicBoolean();
                    return req.loop()
                            .newSucceededFuture(new RouteDecision.Forward(
                                    e,
                                    end -> {
                                        if (!once.compareAndSet(false, true)) throw new AssertionError();
                                        open.decrementAndGet();
                                    },
                                    this,
                                    List.of()));
                }

                public Future<RouteDecision> reroute(ProxyFailure cause) {
                    if (n < attempts && n < eps.size()) return next();
                    return req.loop().newSucceededFuture(new RouteDecision.Reject(cause, labels()));
                }
            }
            return new Plan().next();
        };
        ProxyObserver ob = new ProxyObserver() {
            public void exchangeBegan(io.penstock.proxy.http.RequestHead h) {
                exchanges.incrementAndGet();
            }

            public void exchangeEnded(ExchangeSummary s) {
                exchanges.decrementAndGet();
            }
        };
        int mb = Integer.parseInt(find(yaml, "maxBody: (\\d+)", "65536")) << 10;
        ProxyOptions o = new ProxyOptions(
                new ProxyOptions.Front(
                        mb,
                        64 << 10,
                        8 << 10,
                        dur(find(yaml.substring(0, yaml.indexOf("pools")), "idleTimeout: (\\w+)", "75s")),
                        yaml.contains("debugHeaders: true")),
                new ProxyOptions.Upstream(
                        dur(find(yaml, "connections: \\{ idleTimeout: (\\w+)", "3s")),
                        Integer.parseInt(find(yaml, "maxStreams: (\\d+)", "128"))));
        server = new ProxyServer(o, loops, r, ob);
        server.bind("127.0.0.1", 0);
    }

    static RouterUnderTest start(String yaml) {
        try {
            return new RouterUnderTest(yaml);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return server.port();
    }

    boolean drain(Duration d) {
        return server.drain(d);
    }

    int inFlight() {
        return open.get();
    }

    void awaitNothingInFlight() {
        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> open.get() == 0 && exchanges.get() == 0);
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }
}
