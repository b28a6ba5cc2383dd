package io.penstock.router.access;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again what may change while the router runs: mounted secrets, or issuers' public keys. A failure is logged when it begins,
 * when it becomes another one, and when it ends, and counted each time; what was known before stays in use. Threading: confined to
 * the thread that looks.
 */
final class Refreshes {

    private static final Logger log = LoggerFactory.getLogger(Refreshes.class);

    private final Supplier<List<Refreshed>> all;
    private final LongAdder failures;
    private final Map<Refreshed, String> failing = new HashMap<>();

    /** Of whatever {@code all} answers at that time; failures are added to {@code failures}. */
    Refreshes(Supplier<List<Refreshed>> all, LongAdder failures) {
        this.all = all;
        this.failures = failures;
    }

    /** Reads each of them again, whatever becomes of the others. */
    void refresh() {
        List<Refreshed> now = all.get();
        failing.keySet().retainAll(now);
        now.forEach(this::refresh);
    }

    private void refresh(Refreshed what) {
        try {
            what.refresh();
            if (failing.remove(what) != null) {
                log.info("{} can be read again", what);
            }
        } catch (IOException e) {
            failed(what, e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (RuntimeException | Error defect) {
            failed(what, defect.toString());
        }
    }

    private void failed(Refreshed what, String why) {
        failures.increment();
        if (!why.equals(failing.put(what, why))) {
            log.warn("{} cannot be read, what was known stays in use: {}", what, why);
        }
    }
}
