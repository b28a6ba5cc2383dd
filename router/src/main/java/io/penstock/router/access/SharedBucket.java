package io.penstock.router.access;

import io.github.bucket4j.ConsumptionProbe;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** One limit as several routers have it in common. Threading: any thread. */
public interface SharedBucket {

    /**
     * Takes an amount if it is there. The answer comes on any thread, sooner or later; it fails with
     * {@link RejectedExecutionException} if too many questions are open, and with anything else if there is no answer.
     */
    CompletionStage<ConsumptionProbe> take(long amount);

    /** Takes what was used already, whether it is there or not. */
    void overdraw(long amount);

    /** Gives back what was taken in vain. */
    void giveBack(long amount);
}
