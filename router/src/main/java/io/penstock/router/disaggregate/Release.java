package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.router.fleet.EngineTicket;

/**
 * Frees what was prefilled for a request that ended before a decode engine was told of it. Only a decode engine can: one is asked to go
 * on with it for a single token. Threading: confined to the request's loop.
 */
final class Release {

    private Release() {}

    /** Begins to free what {@code params} tell of; if no decode engine has room now, the lease has to end by itself. */
    static void begin(HandoverPlan plan, String params) {
        Disaggregation pool = plan.pool();
        EngineTicket ticket = pool.protocol() instanceof KvProtocol.InSequence
                ? plan.request().plan().another()
                : null;
        if (ticket == null) {
            pool.observer().released(pool.name(), false);
            return;
        }
        KvProtocol.InSequence protocol = (KvProtocol.InSequence) pool.protocol();
        var prompt = pool.judgement().prompt(plan.request(), ticket.engine().name());
        var sent = new Sent(plan, prompt, plan.tries().madeIn());
        Future<LegAnswer> leg =
                plan.request().request().legs().send(sent.toRelease(ticket, protocol.decodeFields(params)));
        leg.addListener(done -> {
            boolean fetched = leg.isSuccess() && leg.getNow().status() < 300;
            pool.observer().released(pool.name(), fetched);
        });
    }
}
