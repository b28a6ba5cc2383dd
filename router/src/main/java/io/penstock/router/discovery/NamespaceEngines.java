package io.penstock.router.discovery;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engines of one namespace as they were known last, what keeps them from being known better, and for how long nothing was heard
 * of them. Threading: confined to the thread of its source.
 */
final class NamespaceEngines {

    /** Looks, one each second, for which a watch may be closed: watches are opened anew all the time. */
    static final int PATIENCE = 5;

    private final NamespaceWatch watch;
    private @Nullable FoundEngines known;
    private @Nullable String problem;
    private @Nullable String trouble;
    private @Nullable String version;
    private int away;
    private int silent;

    /** Engines by a watch that has just been opened. */
    NamespaceEngines(NamespaceWatch watch) {
        this.watch = watch;
    }

    /** The same engines by a newer watch: until that one knows better, all is as it was, and what was wrong goes on. */
    NamespaceEngines by(NamespaceWatch newer) {
        NamespaceEngines next = new NamespaceEngines(newer);
        next.known = known;
        next.problem = problem;
        next.trouble = trouble();
        next.away = away;
        return next;
    }

    private @Nullable String trouble() {
        String now = watch.trouble();
        return now == null ? trouble : now;
    }

    /** Counts one look; what was heard shows in the version of the objects. */
    void look() {
        away = watch.isWatching() ? 0 : away + 1;
        String now = watch.version();
        silent = Objects.equals(now, version) ? silent + 1 : 0;
        version = now;
    }

    /** While a new list is read, it is not known which engines there are. */
    void read() {
        if (!watch.isWatching()) {
            if (away >= PATIENCE) {
                String why = trouble();
                problem = why == null ? "the API server does not answer" : why;
            }
            return;
        }
        try {
            known = watch.read();
            problem = null;
            trouble = null;
        } catch (IllegalStateException unusable) {
            problem = String.valueOf(unusable.getMessage());
        } catch (RuntimeException unreadable) {
            problem = "what the API server says cannot be read: " + unreadable;
        }
    }

    /** True once there was a list. */
    boolean isHeard() {
        return version != null;
    }

    /** True unless the watch has told why there is no list. */
    boolean isToBeHeard() {
        return isHeard() || watch.trouble() == null;
    }

    /** Looks since anything was heard. */
    int silent() {
        return silent;
    }

    /** True if there is nothing to tell yet. */
    boolean isAwaited() {
        return known == null && problem == null;
    }

    /** As known last, or null. */
    @Nullable
    FoundEngines known() {
        return known;
    }

    /** Why that may not be so any more, in words for an operator, or null. */
    @Nullable
    String problem() {
        return problem;
    }
}
