package io.penstock.router.route;

import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.BodyReader;

/**
 * Everything that is made of one configuration to route by. A reload makes another one; requests that were begun with this one go
 * on with it.
 *
 * <p>Threading: immutable, but for the counters of routes, which go over to the next tree.
 *
 * @param config what it is made of
 * @param table its routes
 * @param poolChoice the pool of a request within its route
 * @param ownAnswers what needs no engine
 * @param bodies reads the fields that some route wants
 */
record RouteTree(
        RouterConfig config, RouteTable table, PoolChoice poolChoice, OwnAnswers ownAnswers, BodyReader bodies) {

    /** The first tree. */
    static RouteTree of(RouterConfig config, Fleet fleet) {
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config));
        return of(config, fleet, fields, new RouteTable(config, fields));
    }

    /** The tree of a new configuration. Routes that stay the same keep their turns and their budgets. */
    RouteTree next(RouterConfig changed, Fleet fleet) {
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(changed));
        return of(changed, fleet, fields, new RouteTable(changed, fields, table));
    }

    private static RouteTree of(RouterConfig config, Fleet fleet, BodyFields fields, RouteTable table) {
        return new RouteTree(
                config, table, new PoolChoice(table), new OwnAnswers(table, fleet), new BodyReader(fields));
    }
}
