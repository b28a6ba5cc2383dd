package io.penstock.router.route;

import io.penstock.router.config.RouteConfig.TargetConfig;
import io.penstock.router.fleet.FleetSnapshot;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.SessionKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The pools of one route, shared out by weight.
 *
 * <p>A session always falls to the same pool while the weights stay, in every router, so a canary does not tear it from
 * its cache; raising a weight moves only the sessions that must move. Requests without a session are dealt in turn along
 * a sequence that keeps every stretch of them close to the weights. A pool that has no engine to pick leaves its share
 * to the first other one that has; a weight of 0 takes part in neither.
 *
 * <p>Threading: counter.
 */
final class Targets {

    /** 2^64 divided by the golden ratio: multiples of it, modulo 2^64, spread evenly however many are taken. */
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private final String[] pools;
    private final long[] upTo;
    private final long total;
    private final long salt;
    private final AtomicLong dealt = new AtomicLong();

    /** Shares among {@code targets}; {@code salt} keeps this choice apart from the choice of an engine. */
    Targets(List<TargetConfig> targets, long salt) {
        List<TargetConfig> weighted =
                targets.stream().filter(to -> to.weight() > 0).toList();
        this.pools = weighted.stream().map(TargetConfig::pool).toArray(String[]::new);
        this.upTo = new long[pools.length];
        long sum = 0;
        for (int i = 0; i < pools.length; i++) {
            sum += weighted.get(i).weight();
            upTo[i] = sum;
        }
        this.total = sum;
        this.salt = salt;
    }

    /** The pool for a request, or null if the route has no pool with a weight. */
    @Nullable
    PoolSnapshot choose(FleetSnapshot fleet, @Nullable SessionKey session) {
        if (pools.length == 0) {
            return null;
        }
        PoolSnapshot chosen = fleet.pool(pools[pools.length == 1 ? 0 : share(session)]);
        if (chosen != null && chosen.canServe()) {
            return chosen;
        }
        for (String name : pools) {
            PoolSnapshot other = fleet.pool(name);
            if (other != null && other.canServe()) {
                return other;
            }
        }
        return chosen;
    }

    private int share(@Nullable SessionKey session) {
        long point = session == null ? dealt.getAndIncrement() * GOLDEN : session.with(salt);
        // the high half of point * total: a point on a line as long as the weights
        long place = Math.multiplyHigh(point >>> 1, total << 1);
        int i = 0;
        while (place >= upTo[i]) {
            i++;
        }
        return i;
    }

    /** The pools that take part. */
    List<String> pools() {
        return List.of(pools);
    }
}
