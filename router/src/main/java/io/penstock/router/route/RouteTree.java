package io.penstock.router.route;

import io.penstock.router.access.AccessControl;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.BodyReader;
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
 */
record RouteTree(
        RouterConfig config,
        AccessControl access,
        Tokenization tokens,
        RouteTable table,
        PoolChoice poolChoice,
        OwnAnswers ownAnswers,
        BodyReader bodies) {

    /** The first tree. */
    static RouteTree of(RouterConfig config, Fleet fleet, AccessControl access, Tokenization tokens) {
        return of(config, fleet, access, tokens, null);
    }

    /** The tree of a new configuration. Routes that stay the same keep their turns, their budgets and their limits. */
    RouteTree next(RouterConfig changed, Fleet fleet, AccessControl changedAccess, Tokenization changedTokens) {
        return of(changed, fleet, changedAccess, changedTokens, table);
    }

    private static RouteTree of(
            RouterConfig config, Fleet fleet, AccessControl access, Tokenization tokens, @Nullable RouteTable former) {
        BodyFields fields = BodyFields.of(RouteTable.bodyFields(config));
        RouteTable table = new RouteTable(config, fields, access, former);
        return new RouteTree(
                config,
                access,
                tokens,
                table,
                new PoolChoice(table),
                new OwnAnswers(table, fleet),
                new BodyReader(fields));
    }
}
