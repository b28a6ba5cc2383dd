package io.penstock.router.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ports, limits and life cycle of the router itself. Threading: immutable. */
public record ServerConfig(
        @Key(value = "address the data port listens on", defaultsTo = "0.0.0.0")
        String host,

        @Key(value = "data port; 0 takes a free one", defaultsTo = "8080", min = "0", max = "65535")
        int port,

        @Key(value = "address the admin port listens on", defaultsTo = "0.0.0.0")
        String adminHost,

        @Key(value = "admin port; 0 takes a free one", defaultsTo = "9090", min = "0", max = "65535")
        int adminPort,

        @Key(value = "event loops; 0 is one for each core", defaultsTo = "0", min = "0", max = "1024")
        int loops,

        @Key(
                value = "largest request body; a larger one is refused with 413",
                defaultsTo = "64MiB",
                min = "1KiB",
                max = "1GiB")
        ByteSize maxBody,

        @Key(
                value =
                        "memory for all request bodies together; beyond it they are refused with 503; 0B is a quarter of what"
                                + " the JVM lets buffers take",
                defaultsTo = "0B",
                min = "0B",
                max = "512GiB")
        ByteSize maxBufferedBodies,

        @Key(
                value = "largest header section; a larger one is refused with 431",
                defaultsTo = "64KiB",
                min = "1KiB",
                max = "1MiB")
        ByteSize maxHeaders,

        @Key(
                value = "longest request line; a longer one is refused with 414",
                defaultsTo = "8KiB",
                min = "256B",
                max = "64KiB")
        ByteSize maxRequestLine,

        @Key(
                value = "header fields of one request; more are refused with 431",
                defaultsTo = "128",
                min = "16",
                max = "10000")
        int maxHeaderFields,

        @Key(
                value = "client connections at once; more are refused with 503",
                defaultsTo = "20000",
                min = "1",
                max = "1000000")
        int maxConnections,

        @Key(
                value = "client connections at once from one address, or one /64 network of IPv6; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000")
        int maxConnectionsPerAddress,

        @Key(
                value = "requests that one client connection carries before it is closed in good order; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000000")
        int maxRequestsPerConnection,

        @Key(
                value = "a client connection older than this, more or less, is closed in good order; 0s is no limit",
                defaultsTo = "0s",
                min = "0s",
                max = "24h")
        Duration maxConnectionAge,

        @Key(
                value = "a request head that is not complete after this is refused with 408",
                defaultsTo = "10s",
                min = "100ms",
                max = "10m")
        Duration headerTimeout,

        @Key(
                value =
                        "a request body is refused with 408 when nothing of it comes for this long, or when it takes that and a"
                                + " second more for each 16 KiB",
                defaultsTo = "60s",
                min = "100ms",
                max = "1h")
        Duration bodyTimeout,

        @Key(
                value = "a client that reads nothing of what waits for it is cut off after this",
                defaultsTo = "5m",
                min = "100ms",
                max = "24h")
        Duration writeTimeout,

        @Key(
                value = "a client connection without a request is closed after this",
                defaultsTo = "75s",
                min = "1s",
                max = "1h")
        Duration idleTimeout,

        @Key(
                value = "requests that may run on one HTTP/2 client connection at once; more are refused",
                defaultsTo = "128",
                min = "1",
                max = "10000")
        int maxStreams,

        @Key(
                value = "how long requests are still taken after SIGTERM, while whoever sends them learns of it",
                defaultsTo = "5s",
                min = "0s",
                max = "10m")
        Duration settleTime,

        @Key(value = "how long running streams may finish after that", defaultsTo = "30s", min = "0s", max = "24h")
        Duration drainTimeout,

        @Key(
                value = "the zone the router runs in, for policies with sameZone; left out: what PENSTOCK_ZONE says",
                defaultsTo = "~")
        @Nullable
        String zone,

        @Key("one line of JSON on standard output for each request")
        AccessLogConfig accessLog,

        @Key(
                value = "adds x-penstock-engine to responses, but not to streams that began with a heartbeat",
                defaultsTo = "false")
        boolean debugHeaders,

        @Key(value = "TLS on the data port; left out: clear text", defaultsTo = "~") @Nullable
        ServerTlsConfig tls,

        @Key(
                value = "true: every connection begins with a PROXY protocol header, version 1 or 2; others are closed",
                defaultsTo = "false")
        boolean proxyProtocol,

        @Key(
                value = "networks of the proxies in front whose X-Forwarded headers are believed, such as 10.0.0.0/8",
                defaultsTo = "[]")
        List<String> trustedProxies,

        @Key("the threads that tokenize, where some tokenizer is named")
        TokenizationConfig tokenization) {}
