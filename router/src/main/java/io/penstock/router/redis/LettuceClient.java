package io.penstock.router.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.penstock.router.config.RedisAddress;
import io.penstock.router.config.SharedLimitsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce as it is used here: threads of its own, one attempt for each connection, and commands that fail at once where there is no
 * connection, as somebody else decides then. Threading: confined to a thread that may block.
 */
final class LettuceClient implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration KEPT_AFTER_FULL = Duration.ofSeconds(10);

    private final SharedLimitsConfig config;
    private final RedisAddress address;
    private final ClientResources threads;
    private final RedisClient client;

    LettuceClient(SharedLimitsConfig config) {
        this.config = config;
        this.address = Objects.requireNonNull(RedisAddress.of(config.url()));
        this.threads = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        this.client = RedisClient.create(threads);
    }

    /** The authorities' file is read here, as Lettuce would read it on an event loop. */
    private ClientOptions options() throws IOException {
        SslOptions.Builder tls = SslOptions.builder().jdkSslProvider().handshakeTimeout(CONNECT_TIMEOUT);
        if (config.ca() != null) {
            byte[] authorities = Files.readAllBytes(Path.of(config.ca()));
            tls.trustManager(() -> new ByteArrayInputStream(authorities));
        }
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .requestQueueSize(2 * OpenQuestions.MAX)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .sslOptions(tls.build())
                .build();
    }

    /**
     * A connection that has been made, with its password taken; waits for that.
     *
     * @throws IOException if the file of authorities cannot be read
     */
    StatefulRedisConnection<byte[], byte[]> connect(char @Nullable [] password) throws IOException {
        client.setOptions(options());
        return client.connect(ByteArrayCodec.INSTANCE, uri(password));
    }

    private RedisURI uri(char @Nullable [] password) {
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(address.host())
                .withPort(address.port())
                .withDatabase(address.database())
                .withSsl(address.tls())
                .withTimeout(CONNECT_TIMEOUT)
                .withClientName("penstock");
        if (password == null) {
            return uri.build();
        }
        return config.username() == null
                ? uri.withPassword(password).build()
                : uri.withAuthentication(config.username(), password).build();
    }

    /** Takes from a bucket of no one's twice: the first time as long as it may take, as code is loaded, then in time. */
    void prove(StatefulRedisConnection<byte[], byte[]> connection) {
        takeWithin(CONNECT_TIMEOUT, connection);
        takeWithin(config.timeout(), connection);
    }

    private void takeWithin(Duration time, StatefulRedisConnection<byte[], byte[]> connection) {
        boolean unused = builder(connection)
                .requestTimeout(time)
                .build()
                .builder()
                .build((config.keyPrefix() + ":proof").getBytes(UTF_8), () -> RedisBucket.perMinute(60_000, 60_000))
                .tryConsume(1);
    }

    /** The buckets behind a connection, by the bytes of their keys; they are kept until they are full again, and a while longer. */
    static AsyncProxyManager<byte[]> buckets(StatefulRedisConnection<byte[], byte[]> connection) {
        return builder(connection).build().asAsync();
    }

    private static Bucket4jLettuce.LettuceBasedProxyManagerBuilder<byte[]> builder(
            StatefulRedisConnection<byte[], byte[]> connection) {
        return Bucket4jLettuce.casBasedBuilder(connection)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_AFTER_FULL));
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        var unused = threads.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
