package io.penstock.router.redis;

import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.penstock.router.config.RedisAddress;
import io.penstock.router.config.SharedLimitsConfig;
import io.penstock.router.files.Lookout;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to Redis. One that is new is not used before it has shown that buckets can be written through it, and in
 * time; one that is given up or breaks is replaced, at first at once and then about once a second. The log tells when limits begin
 * to be shared and when they end to be, each once.
 *
 * <p>Threading: connections are made and ended on a thread of its own, which may block; the one in use is published by one
 * volatile write.
 */
final class RedisConnector implements RedisLink {

    private static final Logger log = LoggerFactory.getLogger(RedisConnector.class);

    private final SharedLimitsConfig config;
    private final String where;
    private final RedisPassword password;
    private final Lookout thread = new Lookout("penstock-redis");
    private final AtomicReference<@Nullable Connected> inUse = new AtomicReference<>();
    private @Nullable LettuceClient client;
    private Said said = Said.NOTHING;
    private boolean closed;

    /** What the log told last. */
    private enum Said {
        NOTHING,
        SHARED,
        ALONE
    }

    /** One connection. */
    private record Connected(StatefulRedisConnection<byte[], byte[]> connection, AsyncProxyManager<byte[]> buckets) {}

    RedisConnector(SharedLimitsConfig config, UnaryOperator<@Nullable String> environment) {
        this.config = config;
        this.where = Objects.requireNonNull(RedisAddress.of(config.url())).authority();
        this.password = new RedisPassword(config.password(), environment);
    }

    @Override
    public void start() {
        thread.soon(this::look);
        thread.watch(this::look);
    }

    @Override
    public @Nullable AsyncProxyManager<byte[]> buckets() {
        Connected now = inUse.get();
        return now == null ? null : now.buckets();
    }

    @Override
    public void giveUp(String why) {
        Connected now = inUse.getAndSet(null);
        if (now != null) {
            thread.soon(() -> end(now, why));
        }
    }

    private void end(Connected gone, String why) {
        sayAlone(why);
        var unused = gone.connection().closeAsync();
    }

    private synchronized void look() {
        if (!closed && inUse.get() == null) {
            connect();
        }
    }

    private void connect() {
        StatefulRedisConnection<byte[], byte[]> connection = null;
        try {
            LettuceClient with = client();
            connection = with.connect(password.read());
            with.prove(connection);
            use(connection);
        } catch (IOException | RuntimeException e) {
            sayAlone(reason(e));
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void use(StatefulRedisConnection<byte[], byte[]> connection) {
        Connected made = new Connected(connection, LettuceClient.buckets(connection));
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> which) {
                broken(made);
            }
        });
        said = Said.SHARED;
        inUse.set(made);
        log.info("limits are shared through Redis at {}", where);
        if (!connection.isOpen()) {
            broken(made);
        }
    }

    private void broken(Connected which) {
        if (inUse.compareAndSet(which, null)) {
            thread.soon(() -> {
                end(which, "the connection was closed");
                look();
            });
        }
    }

    private void sayAlone(String why) {
        if (said != Said.ALONE) {
            said = Said.ALONE;
            log.warn("limits are not shared, each router keeps its own until Redis at {} can be used: {}", where, why);
        }
    }

    /** The deepest cause says what happened. */
    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.toString();
    }

    private LettuceClient client() {
        LettuceClient known = client;
        if (known == null) {
            known = new LettuceClient(config);
            client = known;
        }
        return known;
    }

    @Override
    public void close() {
        thread.close();
        inUse.set(null);
        closeClient();
    }

    private synchronized void closeClient() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
