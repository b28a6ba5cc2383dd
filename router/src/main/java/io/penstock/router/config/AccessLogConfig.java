package io.penstock.router.config;

/** Which requests get a line in the access log. Threading: immutable. */
@Shorthand("mode")
public record AccessLogConfig(
        @Key(value = "off: none; sampled: a share of them, and every failure; on: all", defaultsTo = "off")
        Mode mode,

        @Key(value = "sampled: the share of requests that are logged", defaultsTo = "0.01", min = "0.0", max = "1.0")
        double sample) {

    /** Which requests. */
    public enum Mode {
        OFF,
        SAMPLED,
        ON
    }
}
