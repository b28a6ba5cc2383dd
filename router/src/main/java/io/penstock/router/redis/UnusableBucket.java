package io.penstock.router.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/** What Redis has under the key of a bucket is none. Threading: immutable. */
final class UnusableBucket extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableBucket(Throwable cause) {
        super("what Redis has under this key is no bucket", cause);
    }

    /** True for what Redis says of a value of another type, and for what is thrown when a value cannot be read. */
    static boolean isCauseOf(Throwable failure) {
        if (failure instanceof RedisCommandExecutionException refusal) {
            return String.valueOf(refusal.getMessage()).startsWith("WRONGTYPE");
        }
        return failure instanceof RuntimeException
                && !(failure instanceof RedisException)
                && !(failure instanceof RejectedExecutionException)
                && !(failure instanceof CancellationException);
    }
}
