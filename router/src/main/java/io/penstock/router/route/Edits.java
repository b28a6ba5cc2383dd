package io.penstock.router.route;

import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the engines of a pool are sent differently from what the client sent. Threading: pure functions. */
final class Edits {

    private static final Comparator<BodySplice> IN_ORDER =
            Comparator.comparingInt(BodySplice::start).thenComparingInt(BodySplice::end);

    private static final Set<FieldGroup> HOSTS = Set.of(FieldGroup.HOSTS);

    private Edits() {}

    /** Engines of a disaggregated pool are told by nobody else than the router whom to connect to. */
    static RequestEdits of(Journey journey, boolean disaggregated) {
        InferenceRequest inference = journey.inference();
        Route route = journey.to().route();
        List<BodySplice> cuts = inference.guarded();
        if (route.access().trusts(journey.caller())) {
            cuts = disaggregated ? inference.cuts(HOSTS) : List.of();
        }
        BodySplice renamed = route.rename() == null ? null : inference.rename(route.rename());
        BodySplice usage = askingForUsage(journey);
        String pool = journey.to().pool().name();
        return new RequestEdits(
                with(usage, with(renamed, cuts)), route.access().toEngine(journey.caller(), pool), usage != null);
    }

    /** What makes the engine tell its usage where the route wants to know it and the client does not. */
    static @Nullable BodySplice askingForUsage(Journey journey) {
        return journey.to().route().alwaysAsksUsage() && hasUsageOption(journey.path())
                ? journey.inference().askingForUsage()
                : null;
    }

    /** Chats and completions; the other APIs tell their usage unasked. */
    private static boolean hasUsageOption(String path) {
        return path.endsWith("/completions");
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
