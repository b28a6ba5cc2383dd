package io.penstock.router.route;

import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.router.access.Caller;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What the engines of a pool are sent differently from what the client sent. Threading: pure functions. */
final class Edits {

    private static final Comparator<BodySplice> IN_ORDER = Comparator.comparingInt(BodySplice::start);

    private static final Set<FieldGroup> HOSTS = Set.of(FieldGroup.HOSTS);

    private Edits() {}

    /** Engines of a disaggregated pool are told by nobody else than the router whom to connect to. */
    static RequestEdits of(Route route, Caller caller, InferenceRequest inference, String pool, boolean disaggregated) {
        List<BodySplice> cuts = inference.guarded();
        if (route.access().trusts(caller)) {
            cuts = disaggregated ? inference.cuts(HOSTS) : List.of();
        }
        return new RequestEdits(splices(route, inference, cuts), route.access().toEngine(caller, pool));
    }

    private static List<BodySplice> splices(Route route, InferenceRequest inference, List<BodySplice> cuts) {
        BodySplice renamed = route.rename() == null ? null : inference.rename(route.rename());
        if (renamed == null || cuts.isEmpty()) {
            return renamed == null ? cuts : List.of(renamed);
        }
        List<BodySplice> both = new ArrayList<>(cuts);
        both.add(renamed);
        both.sort(IN_ORDER);
        return both;
    }
}
