package io.penstock.router.policy;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.concurrent.ThreadLocalRandom;

/** The routing policies by their names in the configuration. Threading: any thread. */
public final class Policies {

    private Policies() {}

    /**
     * A new policy for one pool.
     *
     * @param ticker the clock by which sessions are forgotten
     */
    public static RoutingPolicy of(PolicyConfig config, Ticker ticker) {
        return switch (config.type()) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
            case POWER_OF_TWO ->
                new PowerOfTwo(bound -> ThreadLocalRandom.current().nextInt(bound));
            case SESSION -> session(config, ticker);
        };
    }

    private static RoutingPolicy session(PolicyConfig config, Ticker ticker) {
        if (config.fallback() == PolicyConfig.Type.SESSION) {
            throw new IllegalArgumentException("the fallback of the session policy must be another policy");
        }
        var fallback = new PolicyConfig(config.fallback(), config.loadBound(), config.fallback(), config.spillMemory());
        return new SessionPolicy(
                config.loadBound(), of(fallback, ticker), new SessionMemory(config.spillMemory(), ticker));
    }
}
