package io.penstock.router.route;

import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.router.access.Caller;
import io.penstock.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the engines of a pool are sent differently from what the client sent. Threading: pure functions. */
final class Edits {

    private static final Comparator<BodySplice> IN_ORDER =
            Comparator.comparingInt(BodySplice::start).thenComparingInt(BodySplice::end);

    private Edits() {}

    static RequestEdits of(Route route, Caller caller, InferenceRequest inference, String pool, String path) {
        BodySplice usage = route.alwaysAsksUsage() && hasUsageOption(path) ? inference.askingForUsage() : null;
        List<BodySplice> splices = with(usage, splices(route, caller, inference));
        return new RequestEdits(splices, route.access().toEngine(caller, pool), usage != null);
    }

    /** Chats and completions; the other APIs tell their usage unasked. */
    private static boolean hasUsageOption(String path) {
        return path.endsWith("/completions");
    }

    private static List<BodySplice> splices(Route route, Caller caller, InferenceRequest inference) {
        BodySplice renamed = route.rename() == null ? null : inference.rename(route.rename());
        List<BodySplice> cuts = route.access().trusts(caller) ? List.of() : inference.guarded();
        return with(renamed, cuts);
    }

    private static List<BodySplice> with(@Nullable BodySplice another, List<BodySplice> splices) {
        if (another == null || splices.isEmpty()) {
            return another == null ? splices : List.of(another);
        }
        List<BodySplice> all = new ArrayList<>(splices);
        all.add(another);
        all.sort(IN_ORDER);
        return all;
    }
}
