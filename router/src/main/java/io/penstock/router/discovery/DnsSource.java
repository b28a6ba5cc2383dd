package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import io.penstock.router.config.PoolConfig.EngineConfig;
import io.penstock.router.fleet.ControlPlane;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Engines by name. The name is asked for again when the TTL of its records is over, but not more often than every second, and not
 * less often than configured; after a failure soon, and then less and less often.
 *
 * <p>Threading: control plane; closed on any thread.
 */
final class DnsSource implements EngineSource {

    /** Not more often than this, whatever the TTL. */
    static final Duration SOONEST = Duration.ofSeconds(1);

    private final DnsConfig config;
    private final DnsLookup lookup;
    private final ControlPlane control;
    private Duration pause = SOONEST;
    private volatile boolean closed;

    DnsSource(DnsConfig config, DnsLookup lookup, ControlPlane control) {
        this.config = config;
        this.lookup = lookup;
        this.control = control;
    }

    @Override
    public void start(Listener listener) {
        controlAsk(listener);
    }

    private void controlAsk(Listener listener) {
        if (!closed) {
            lookup.ask()
                    .addListener(done ->
                            control.execute(() -> controlAnswered(listener, (DnsAnswer) done.getNow(), done.cause())));
        }
    }

    private void controlAnswered(Listener listener, @Nullable DnsAnswer answer, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (answer == null) {
            listener.failed(failure == null ? "no answer" : String.valueOf(failure.getMessage()));
            controlAskAfter(pause, listener);
            pause = least(pause.multipliedBy(2), config.refresh());
        } else {
            pause = SOONEST;
            listener.found(FoundEngines.all(engines(answer)));
            controlAskAfter(answer.ttl(), listener);
        }
    }

    private void controlAskAfter(Duration wanted, Listener listener) {
        Duration bounded = least(wanted, config.refresh());
        control.schedule(bounded.compareTo(SOONEST) < 0 ? SOONEST : bounded, () -> controlAsk(listener));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Name servers give records in changing orders; the fleet keeps one. */
    private List<EngineConfig> engines(DnsAnswer answer) {
        return answer.targets().stream()
                .map(target -> url(target.host(), config.records() == Records.A ? config.port() : target.port()))
                .distinct()
                .sorted()
                .map(url -> new EngineConfig(url, null, false))
                .toList();
    }

    private String url(String host, int port) {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (config.scheme() == Scheme.HTTPS ? "https://" : "http://") + bracketed + ":" + port;
    }

    @Override
    public void close() {
        closed = true;
        lookup.close();
    }
}
