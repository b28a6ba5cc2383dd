package io.penstock.router.tls;

import io.netty.handler.ssl.SslContext;
import io.penstock.proxy.api.EngineTls;
import io.penstock.proxy.api.TlsContexts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one router, kept in step with its files. New connections have what the files hold; connections that are open
 * keep what they began with. A change that cannot be used is logged and counted, and what was there stays.
 *
 * <p>Threading: {@link #look} and {@link #learn} on threads that may block, the rest from any thread.
 */
public final class LiveTls implements TlsContexts {

    private static final Logger log = LoggerFactory.getLogger(LiveTls.class);

    private final Clock clock;
    private final @Nullable WatchedFiles<ServerFiles.Loaded> server;
    private final Map<EngineTls, WatchedFiles<SslContext>> engines = new ConcurrentHashMap<>();
    private final LongAdder reloads = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    /**
     * Reads every file once.
     *
     * @param server towards clients, or null where they speak clear text
     * @param engines how the engines of all pools prove who they are
     * @throws TlsFileException if a file cannot be used
     */
    public LiveTls(@Nullable ServerFiles server, Set<EngineTls> engines, Clock clock) throws TlsFileException {
        this.clock = clock;
        this.server = server == null ? null : new WatchedFiles<>(server.all(), () -> server.load(clock));
        learn(engines);
        if (this.server != null) {
            warnIfNotYetValid(this.server.value());
        }
    }

    /**
     * Reads the files of engines that are not known yet; what is known stays.
     *
     * @throws TlsFileException if a file cannot be used
     */
    public void learn(Set<EngineTls> more) throws TlsFileException {
        for (EngineTls tls : more) {
            EngineTls trust = trustOf(tls);
            if (!engines.containsKey(trust)) {
                List<Path> files = trust.ca() == null ? List.of() : List.of(Path.of(trust.ca()));
                engines.put(trust, new WatchedFiles<>(files, () -> EngineTrust.load(trust)));
            }
        }
    }

    /** The name is each connection's own; everything else is shared, and sessions with it. */
    private static EngineTls trustOf(EngineTls tls) {
        return new EngineTls(tls.verify() ? tls.ca() : null, tls.verify(), null);
    }

    @Override
    public @Nullable SslContext clients() {
        return server == null ? null : server.value().context();
    }

    @Override
    public SslContext engines(EngineTls tls) {
        WatchedFiles<SslContext> known = engines.get(trustOf(tls));
        if (known == null) {
            throw new IllegalStateException("no pool has " + tls);
        }
        return known.value();
    }

    /** Looks at every file, and takes what is new. */
    public void look() {
        if (server != null) {
            server.look(fresh -> reloaded(server.files(), fresh), this::refused);
        }
        engines.values().forEach(each -> each.look(fresh -> reloaded(each.files()), this::refused));
    }

    private void reloaded(List<Path> files, ServerFiles.Loaded fresh) {
        reloaded(files);
        log.info("the certificate is valid until {}", fresh.expires());
        warnIfNotYetValid(fresh);
    }

    private void reloaded(List<Path> files) {
        reloads.increment();
        log.info(
                "read again for new connections: {}",
                files.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    private void refused(IOException problem) {
        refusals.increment();
        log.error("{}; what was there before stays in use", problem.getMessage());
    }

    private void warnIfNotYetValid(ServerFiles.Loaded loaded) {
        if (loaded.notBefore().isAfter(clock.instant())) {
            log.warn("clients will refuse the certificate before {}, when it becomes valid", loaded.notBefore());
        }
    }

    /** How often changed files were taken. */
    public long reloads() {
        return reloads.sum();
    }

    /** How often changed files could not be used. */
    public long refusals() {
        return refusals.sum();
    }

    /** How long the router's certificate is still valid, negative once it is not; empty where there is none. */
    public Optional<Duration> untilExpiry() {
        return server == null
                ? Optional.empty()
                : Optional.of(Duration.between(clock.instant(), server.value().expires()));
    }
}
