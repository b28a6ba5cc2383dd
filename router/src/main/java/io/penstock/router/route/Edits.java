package io.penstock.router.route;

import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.router.access.Caller;
import io.penstock.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the engines of a pool are sent differently from what the client sent. Threading: pure functions. */
final class Edits {

    private static final Comparator<BodySplice> IN_ORDER = Comparator.comparingInt(BodySplice::start);

    private Edits() {}

    static RequestEdits of(Route route, Caller caller, InferenceRequest inference, String pool) {
        return new RequestEdits(
                splices(route, caller, inference), route.access().toEngine(caller, pool));
    }

    private static List<BodySplice> splices(Route route, Caller caller, InferenceRequest inference) {
        BodySplice renamed = route.rename() == null ? null : inference.rename(route.rename());
        List<BodySplice> cuts = route.access().trusts(caller) ? List.of() : inference.guarded();
        if (renamed == null || cuts.isEmpty()) {
            return renamed == null ? cuts : List.of(renamed);
        }
        List<BodySplice> both = new ArrayList<>(cuts);
        both.add(renamed);
        both.sort(IN_ORDER);
        return both;
    }
}
