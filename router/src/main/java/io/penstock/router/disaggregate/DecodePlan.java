package io.penstock.router.disaggregate;

import io.penstock.proxy.api.RoutePlan;
import io.penstock.router.config.Priority;
import io.penstock.router.fleet.EngineTicket;
import org.jspecify.annotations.Nullable;

/** The way of a request through the decode engines of its pool, without regard to prefill. Threading: confined to the request's loop. */
public interface DecodePlan extends RoutePlan {

    /** Before whom it goes where requests wait. */
    Priority priority();

    /** How many engines of a kind may be asked at most. */
    int maxAttempts();

    /** Some engine for another purpose than an attempt, at once and none that failed if there is one; null if none has room. */
    @Nullable
    EngineTicket another();

    /** The engine named last is not at fault: it may be named again, and does not count. */
    void spare();
}
