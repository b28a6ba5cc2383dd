package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * {@code /sim/...}: the engine's switches from outside, only where the options open them. Each answers the counters.
 *
 * <pre>
 * POST /sim/health?up=false          /health answers 503
 * POST /sim/pause?on=true            no tokens until on=false
 * POST /sim/fault?plan=...&amp;next=3    the next POST requests meet this fault ({@link Fault})
 * GET  /sim/counters                 only the counters
 * </pre>
 *
 * Threading: called on the engine's loop.
 */
final class ControlOperations {

    private final EngineSwitches switches;
    private final Scheduler scheduler;
    private final EngineCounters counters;

    ControlOperations(EngineSwitches switches, Scheduler scheduler, EngineCounters counters) {
        this.switches = switches;
        this.scheduler = scheduler;
        this.counters = counters;
    }

    void health(EngineRequest request, Reply reply) {
        switches.healthy(Boolean.parseBoolean(request.parameter("up", "true")));
        counters(request, reply);
    }

    void pause(EngineRequest request, Reply reply) {
        scheduler.paused(Boolean.parseBoolean(request.parameter("on", "true")));
        counters(request, reply);
    }

    void fault(EngineRequest request, Reply reply) {
        try {
            int next = Integer.parseUnsignedInt(request.parameter("next", "1"));
            switches.plan(Fault.parse(request.parameter("plan", "")), next);
        } catch (IllegalArgumentException e) {
            throw new RequestRefused(EngineError.badRequest(String.valueOf(e.getMessage()), "plan"));
        }
        counters(request, reply);
    }

    void counters(EngineRequest request, Reply reply) {
        ObjectNode body = Json.object();
        body.put("running", counters.running()).put("waiting", counters.waiting());
        body.put("received", counters.received());
        body.put("finished", counters.finished()).put("aborted", counters.aborted());
        body.put("connections_opened", counters.connectionsOpened());
        body.put("connections_closed", counters.connectionsClosed());
        body.put("tokens_generated", counters.tokensGenerated());
        body.put("tokens_sent", counters.tokensSent()).put("tokens_spared", counters.tokensSpared());
        reply.whole(200, "application/json", Json.bytes(body));
    }
}
