package io.penstock.router.access;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.penstock.proxy.api.HeaderEdits;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code x-ratelimit-*} headers of an answer, as OpenAI writes them, in place of what an engine may have set.
 * Threading: immutable.
 */
record QuotaHeaders(@Nullable Quota requests, @Nullable Quota tokens) implements HeaderEdits {

    private static final Names REQUESTS = Names.of("requests");
    private static final Names TOKENS = Names.of("tokens");

    private record Names(AsciiString limit, AsciiString remaining, AsciiString reset) {

        static Names of(String what) {
            return new Names(
                    AsciiString.cached("x-ratelimit-limit-" + what),
                    AsciiString.cached("x-ratelimit-remaining-" + what),
                    AsciiString.cached("x-ratelimit-reset-" + what));
        }
    }

    @Override
    public void apply(HttpHeaders headers) {
        set(headers, REQUESTS, requests);
        set(headers, TOKENS, tokens);
    }

    private static void set(HttpHeaders headers, Names names, @Nullable Quota quota) {
        if (quota != null) {
            headers.set(names.limit(), Long.toString(quota.limit()));
            headers.set(names.remaining(), Long.toString(Math.max(0, quota.remaining())));
            headers.set(names.reset(), duration(quota.resetNanos()));
        }
    }

    /** {@code 20ms}, {@code 1s}, {@code 6m0s}, {@code 1h0m0s}; rounded up, so that nobody comes too early. */
    static String duration(long nanos) {
        long millis = ceilDiv(nanos, TimeUnit.MILLISECONDS.toNanos(1));
        if (millis < 1000) {
            return millis + "ms";
        }
        long seconds = ceilDiv(millis, 1000);
        long minutes = seconds / 60;
        String rest = seconds % 60 + "s";
        if (minutes == 0) {
            return rest;
        }
        return minutes < 60 ? minutes + "m" + rest : minutes / 60 + "h" + minutes % 60 + "m" + rest;
    }

    static long ceilDiv(long amount, long by) {
        return -Math.floorDiv(-amount, by);
    }
}
