package io.penstock.router.disaggregate;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.request.InferenceRequest;
import java.util.Set;

/**
 * How one pool has its prompts prefilled and its answers decoded on different engines. Threading: immutable, but for what it
 * measures, which are counters.
 */
public final class Disaggregation {

    private static final Set<String> PATHS = Set.of("/v1/chat/completions", "/v1/completions");

    private final String name;
    private final DisaggregationConfig config;
    private final Fleet fleet;
    private final HandoverMeans means;
    private final KvProtocol protocol;
    private final Judgement judgement;

    /** The disaggregation of a pool. */
    public Disaggregation(String name, DisaggregationConfig config, Fleet fleet, HandoverMeans means) {
        this.name = name;
        this.config = config;
        this.fleet = fleet;
        this.means = means;
        this.protocol = KvProtocol.of(config);
        this.judgement = new Judgement(config, fleet.ticker());
    }

    /** True for requests with a prompt and an answer of tokens; all others go to a decode engine as they are. */
    public boolean takes(HttpMethod method, String path, InferenceRequest inference) {
        return HttpMethod.POST.equals(method) && PATHS.contains(path) && inference.isJson();
    }

    /**
     * Routes a request that it takes.
     *
     * @param room the first decision of the request's plan: a decode engine, or a refusal
     */
    public Future<RouteDecision> route(HandoverRequest request, Future<RouteDecision> room) {
        return new Handover(new HandoverPlan(this, request)).after(room);
    }

    /** Where requests go whose prefill failed, if that is the policy. */
    public String aggregatedPool() {
        return String.valueOf(config.aggregatedPool());
    }

    /** True if it was made of the same. */
    public boolean isOf(DisaggregationConfig other) {
        return config.equals(other);
    }

    String name() {
        return name;
    }

    DisaggregationConfig config() {
        return config;
    }

    Fleet fleet() {
        return fleet;
    }

    HandoverObserver observer() {
        return means.observer();
    }

    BootstrapIds ids() {
        return means.ids();
    }

    KvProtocol protocol() {
        return protocol;
    }

    Judgement judgement() {
        return judgement;
    }
}
