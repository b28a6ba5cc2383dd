package io.penstock.router.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.router.config.StreamIntervalConfig;
import io.penstock.router.config.Units;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The stream interval of a route, and of its clients, who may ask for another with {@code x-penstock-stream-interval}: {@code 8},
 * {@code 8;maxDelay=40ms;mode=batch}, or {@code 1} for none. What is not named is the route's; what is beyond the route's bounds is
 * taken for the bound, so that clients live with bounds that change. Threading: immutable.
 */
final class AskedInterval {

    private static final int MAX_PARAMETERS = 4;
    private static final Pattern EVENTS = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z]+)=([0-9a-zA-Z]+)");

    private final StreamIntervalConfig config;
    private final StreamInterval routes;

    AskedInterval(StreamIntervalConfig config) {
        this.config = config;
        this.routes = config.interval();
    }

    /**
     * The interval for a request with these headers.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} if the header is malformed
     */
    StreamInterval of(HttpHeaders headers) throws ProxyFailure {
        String asked = headers.get(ProxyHeaders.X_PENSTOCK_STREAM_INTERVAL);
        return asked == null ? routes : parse(asked);
    }

    private StreamInterval parse(String asked) throws ProxyFailure {
        String[] parts = asked.split(";", MAX_PARAMETERS);
        String count = parts[0].trim();
        if (!EVENTS.matcher(count).matches() || parts.length == MAX_PARAMETERS) {
            throw malformed();
        }
        int events = Math.min(Integer.parseInt(count), config.header().maxEvents());
        long delay = routes.maxDelayNanos();
        StreamInterval.Mode mode = routes.mode();
        String before = "";
        for (int i = 1; i < parts.length; i++) {
            Matcher parameter = PARAMETER.matcher(parts[i].trim());
            if (!parameter.matches()) {
                throw malformed();
            }
            String name = parameter.group(1).toLowerCase(Locale.ROOT);
            if (name.equals("maxdelay") && !name.equals(before)) {
                delay = delay(parameter.group(2));
            } else if (name.equals("mode") && !name.equals(before)) {
                mode = mode(parameter.group(2));
            } else {
                throw malformed();
            }
            before = name;
        }
        return new StreamInterval(events, delay, mode, routes.maxBytes());
    }

    private long delay(String text) throws ProxyFailure {
        Duration asked = Units.duration(text).orElse(Duration.ZERO);
        if (asked.isZero()) {
            throw malformed();
        }
        Duration longest = config.header().maxDelay();
        return (asked.compareTo(longest) > 0 ? longest : asked).toNanos();
    }

    private StreamInterval.Mode mode(String text) throws ProxyFailure {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "batch" -> StreamInterval.Mode.BATCH;
            case "merge" -> config.header().merge() ? StreamInterval.Mode.MERGE : routes.mode();
            default -> throw malformed();
        };
    }

    private static ProxyFailure malformed() {
        return ProxyFailure.of(
                FailureKind.BAD_REQUEST,
                "The header " + ProxyHeaders.X_PENSTOCK_STREAM_INTERVAL
                        + " needs a number of events from 1 on, which may be"
                        + " followed by ;maxDelay=DURATION and ;mode=batch or ;mode=merge, such as 8;maxDelay=40ms;mode=batch."
                        + " A duration is " + Units.DURATION_FORM + ", and more than 0.");
    }
}
