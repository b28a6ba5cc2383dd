package io.penstock.router.disaggregate;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import io.penstock.router.request.ModelName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that may be prefilled and decoded on different engines. Threading: confined to the request's loop.
 *
 * @param request the request itself
 * @param inference what is known of its body
 * @param session its session, or null
 * @param model the model that engines are asked for; null if it is the one that the body names
 * @param notForEngines what its client may not send
 * @param usage what makes the decode engine tell its usage to the router only, or null
 * @param tokens of its prompt, counted or estimated
 * @param headers changes of its headers on the way to engines
 * @param plan its way through the decode engines
 * @param aggregated its way through the other pool that a failed prefill leads to
 */
public record HandoverRequest(
        RoutingRequest request,
        InferenceRequest inference,
        @Nullable SessionKey session,
        @Nullable ModelName model,
        Set<FieldGroup> notForEngines,
        @Nullable BodySplice usage,
        int tokens,
        HeaderEdits headers,
        DecodePlan plan,
        Supplier<Future<RouteDecision>> aggregated) {

    private static final Comparator<BodySplice> IN_ORDER =
            Comparator.comparingInt(BodySplice::start).thenComparingInt(BodySplice::end);

    private static String joined(String first, String others) {
        return others.isEmpty() ? first : first + "," + others;
    }

    /** What is changed in the body: {@code without} is cut out, and {@code fields} stand in front of what is left. */
    List<BodySplice> body(Set<FieldGroup> without, String fields) {
        Set<FieldGroup> cut = EnumSet.copyOf(without);
        cut.addAll(notForEngines);
        List<BodySplice> splices = new ArrayList<>(8);
        BodySplice named = model == null ? null : inference.nameModel(model);
        String put = model == null || named != null ? fields : joined(model.field(), fields);
        if (!put.isEmpty()) {
            splices.add(inference.put(put, cut));
        }
        splices.addAll(inference.cuts(cut));
        if (usage != null && !cut.contains(FieldGroup.LENGTH)) {
            splices.add(usage);
        }
        if (named != null) {
            splices.add(named);
        }
        splices.sort(IN_ORDER);
        return splices;
    }
}
