package io.penstock.router.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys whose values a running router cannot change, because sockets, threads or decoders were made with them. All are fixed but
 * those named here, so that a new key is fixed until somebody makes it work. Threading: any thread.
 */
public final class FixedKeys {

    private static final Set<String> CHANGEABLE = Set.of(
            "pools",
            "routes",
            "access",
            "tokenizers",
            "server.settleTime",
            "server.drainTimeout",
            "server.accessLog",
            "tracing.sampling");

    private FixedKeys() {}

    /** The paths of the fixed keys that differ, in the order of the file. */
    public static List<String> changed(RouterConfig running, RouterConfig next) {
        List<String> changed = new ArrayList<>();
        compare(running, next, "", changed);
        return changed;
    }

    private static void compare(Record running, Record next, String path, List<String> changed) {
        for (ConfigKey key : ConfigKey.of(running.getClass())) {
            compare(key.valueIn(running), key.valueIn(next), Entries.child(path, key.name()), changed);
        }
    }

    private static void compare(@Nullable Object running, @Nullable Object next, String path, List<String> changed) {
        if (Objects.equals(running, next) || CHANGEABLE.contains(path)) {
            return;
        }
        if (running instanceof Record before && next instanceof Record after && before.getClass() != ByteSize.class) {
            compare(before, after, path, changed);
        } else {
            changed.add(path);
        }
    }
}
