package io.penstock.router.route;

import io.penstock.router.access.AccessControl;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.Disaggregation;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.BodyReader;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is made of one configuration to route by. A reload makes another one; requests that were begun with this one go
 * on with it.
 *
 * <p>Threading: immutable, but for the counters of routes, which go over to the next tree.
 *
 * @param config what it is made of
 * @param access who may use it
 * @param tokens how prompts are counted
 * @param table its routes
 * @param poolChoice the pool of a request within its route
 * @param ownAnswers what needs no engine
 * @param bodies reads the fields that some route wants
 * @param disaggregations of the pools that prefill and decode on different engines, by the pools' names
 */
record RouteTree(
        RouterConfig config,
        AccessControl access,
        Tokenization tokens,
        RouteTable table,
        PoolChoice poolChoice,
        OwnAnswers ownAnswers,
        BodyReader bodies,
        Map<String, Disaggregation> disaggregations) {

    /** The first tree. */
    static RouteTree of(RouterConfig config, Fleet fleet, RouterMeans means) {
        return of(config, fleet, means, null);
    }

    /** The tree of a new configuration. Routes that stay the same keep their turns, their budgets and their limits. */
    RouteTree next(RouterConfig changed, Fleet fleet, RouterMeans means) {
        return of(changed, fleet, means, this);
    }

    private static RouteTree of(RouterConfig config, Fleet fleet, RouterMeans means, @Nullable RouteTree former) {
        Map<String, Disaggregation> disaggregations =
                disaggregations(config, fleet, means.handovers(), former == null ? Map.of() : former.disaggregations);
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config), !disaggregations.isEmpty());
        AccessControl access = means.access().apply(config);
        RouteTable table = new RouteTable(config, fields, access, former == null ? null : former.table);
        return new RouteTree(
                config,
                access,
                means.tokens().apply(config),
                table,
                new PoolChoice(table),
                new OwnAnswers(table, fleet),
                new BodyReader(fields),
                disaggregations);
    }

    /** Those that stay the same keep what they have measured. */
    private static Map<String, Disaggregation> disaggregations(
            RouterConfig config, Fleet fleet, HandoverMeans handovers, Map<String, Disaggregation> former) {
        Map<String, Disaggregation> made = new HashMap<>();
        for (PoolConfig pool : config.pools()) {
            DisaggregationConfig how = pool.disaggregation();
            if (how != null) {
                Disaggregation known = former.get(pool.name());
                boolean same = known != null && known.isOf(how);
                made.put(pool.name(), same ? known : new Disaggregation(pool.name(), how, fleet, handovers));
            }
        }
        return made;
    }

    /** How this pool has prompts prefilled by other engines, or null if it has none. */
    @Nullable
    Disaggregation disaggregation(String pool) {
        return disaggregations.get(pool);
    }
}
