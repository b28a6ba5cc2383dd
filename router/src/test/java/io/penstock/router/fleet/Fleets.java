package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.AccessConfig;
import io.penstock.router.config.AccessLogConfig;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.ConnectionsConfig;
import io.penstock.router.config.EngineKeyConfig;
import io.penstock.router.config.EngineTlsConfig;
import io.penstock.router.config.HealthConfig;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.ServerConfig;
import io.penstock.router.config.TokenizationConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Configurations, engines and attempt ends for tests of what is built on the fleet. Threading: any thread. */
public final class Fleets {

    /** An attempt that went well. */
    public static final AttemptEnd WELL = new AttemptEnd(200, null, 1, 2);

    private Fleets() {}

    public static HealthConfig health() {
        return new HealthConfig(
                "/health",
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                2,
                1,
                3,
                0,
                20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                0.5);
    }

    /** No limit on anything, and no waiting room. */
    public static LimitsConfig unlimited() {
        return limits(0, 0, 0);
    }

    public static LimitsConfig limits(int engineRequests, int poolRequests, int waiting) {
        return new LimitsConfig(engineRequests, poolRequests, waiting, Duration.ofSeconds(10));
    }

    public static PoolConfig limited(PoolConfig pool, LimitsConfig limits) {
        return new PoolConfig(
                pool.name(),
                pool.engines(),
                pool.models(),
                pool.protocol(),
                pool.key(),
                pool.policy(),
                pool.health(),
                limits,
                new EngineTlsConfig(null, true, null),
                null);
    }

    public static PolicyConfig policy(PolicyConfig.Type type) {
        return new PolicyConfig(type, 1.25, 8, PolicyConfig.Type.LEAST_REQUESTS, 1000, 64);
    }

    /** A pool of engines {@code name-1:8000} and up. */
    public static PoolConfig pool(String name, int engines, String... models) {
        return pool(name, health(), IntStream.rangeClosed(1, engines).mapToObj(i -> name + "-" + i), List.of(models));
    }

    public static PoolConfig pool(String name, HealthConfig health, Stream<String> hosts, List<String> models) {
        return new PoolConfig(
                name,
                hosts.map(host -> new PoolConfig.EngineConfig("http://" + host + ":8000", null, false))
                        .toList(),
                models,
                PoolConfig.Protocol.HTTP1,
                EngineKeyConfig.NONE,
                policy(PolicyConfig.Type.LEAST_REQUESTS),
                health,
                unlimited(),
                new EngineTlsConfig(null, true, null),
                null);
    }

    public static RouterConfig config(List<PoolConfig> pools, RouteConfig... routes) {
        ServerConfig server = new ServerConfig(
                "127.0.0.1",
                0,
                "127.0.0.1",
                0,
                1,
                new ByteSize(64 << 20),
                new ByteSize(0),
                new ByteSize(64 << 10),
                new ByteSize(8 << 10),
                128,
                20_000,
                0,
                0,
                Duration.ZERO,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofSeconds(75),
                128,
                Duration.ZERO,
                Duration.ofSeconds(30),
                null,
                new AccessLogConfig(AccessLogConfig.Mode.OFF, 0.01),
                false,
                null,
                false,
                List.of(),
                new TokenizationConfig(2, 16, new ByteSize(0), new ByteSize(64 << 10)));
        return new RouterConfig(
                server,
                new ConnectionsConfig(Duration.ofSeconds(3), 128),
                pools,
                List.of(),
                new AccessConfig(List.of(), List.of()),
                null,
                null,
                List.of(routes));
    }

    /** A policy that takes the first engine that is left, whatever its load. */
    public static RoutingPolicy firstLeft() {
        return pickable -> request -> pickable.stream()
                .filter(request::allows)
                .filter(Engine::hasRoom)
                .findFirst()
                .map(Fleets::admit)
                .orElse(null);
    }

    /** Engines that no pool judges, {@code e1:8000} and up. */
    public static List<Engine> engines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> engine("e" + i)).toList();
    }

    public static Engine engine(String host) {
        return engine(host, unlimited());
    }

    public static Engine engine(String host, LimitsConfig limits) {
        return new Engine(
                "pool",
                new Endpoint(host, 8000, Endpoint.Protocol.HTTP1),
                new PassiveHealth(health(), () -> 0, EngineReports.NONE),
                new Admission(limits, () -> {
                    throw new AssertionError("nobody waits");
                }));
    }

    /** An engine of a zone. */
    public static Engine engineIn(String zone, String host, LimitsConfig limits) {
        Engine engine = engine(host, limits);
        engine.controlZone(zone);
        return engine;
    }

    /** A ticket of an engine that has room. */
    public static EngineTicket admit(Engine engine) {
        return Objects.requireNonNull(engine.admit(new PickRequest(null, List.of(), false)), "no room");
    }

    public static AttemptEnd failed(FailureKind kind) {
        return new AttemptEnd(0, kind, -1, 2);
    }

    public static AttemptEnd answered(int status) {
        return new AttemptEnd(status, null, 1, 2);
    }
}
