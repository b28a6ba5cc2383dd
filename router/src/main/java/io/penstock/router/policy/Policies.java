package io.penstock.router.policy;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.concurrent.ThreadLocalRandom;

/** The routing policies by their names in the configuration. Threading: any thread. */
public final class Policies {

    private Policies() {}

    /**
     * A new policy for one pool of a router whose zone is known.
     *
     * @param ticker the clock by which sessions are forgotten
     * @param zone the router's own; empty if it is not known
     */
    public static RoutingPolicy of(PolicyConfig config, Ticker ticker, String zone) {
        RoutingPolicy policy = of(config, ticker);
        return config.sameZone() && !zone.isEmpty() ? new ZoneFirst(policy, zone) : policy;
    }

    /**
     * A new policy for one pool, to which all zones are the same.
     *
     * @param ticker the clock by which sessions are forgotten
     */
    public static RoutingPolicy of(PolicyConfig config, Ticker ticker) {
        return config.type() == PolicyConfig.Type.SESSION ? session(config, ticker) : plain(config, config.type());
    }

    private static RoutingPolicy session(PolicyConfig config, Ticker ticker) {
        return new SessionPolicy(
                new LoadBound(config.loadBound(), config.spillAbove()),
                plain(config, config.fallback()),
                new SessionMemory(config.spillMemory(), ticker));
    }

    private static RoutingPolicy plain(PolicyConfig config, PolicyConfig.Type type) {
        return switch (type) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
            case LEAST_TOKENS -> new LeastTokens(config.requestTokens());
            case POWER_OF_TWO ->
                new PowerOfTwo(bound -> ThreadLocalRandom.current().nextInt(bound));
            case SESSION ->
                throw new IllegalArgumentException("the fallback of the session policy must be another policy");
        };
    }
}
