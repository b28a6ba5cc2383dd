package io.penstock.router.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group of engines that serve the same models. Threading: immutable. */
@AnyOf({"engines", "discovery", "prefill"})
public record PoolConfig(
        @Key("the pool's name, unique; used in routes, metrics and logs")
        String name,

        @Key(
                value =
                        "engines as http://host:port or https://host:port, or as a map with url, protocol, drain and labels",
                defaultsTo = "[]")
        List<EngineConfig> engines,

        @Key(value = "where to find the engines while the router runs, in place of engines", defaultsTo = "~") @Nullable
        DiscoveryConfig discovery,

        @Key(value = "models this pool serves; left out: learned from the engines' own /v1/models", defaultsTo = "[]")
        List<String> models,

        @Key(value = "HTTP version spoken to the engines; auto finds out; h2c is http2", defaultsTo = "http1")
        Protocol protocol,

        @Key("the engines' own API key; left out: they need none")
        EngineKeyConfig key,

        @Key("how an engine is picked") PolicyConfig policy,
        @Key("when an engine is taken out and back in") HealthConfig health,
        @Key("how much the pool takes at once") LimitsConfig limits,

        @Key("whom to believe where engines have https addresses")
        EngineTlsConfig tls,

        @Key(value = "the tokenizer of its models", defaultsTo = "~") @Nullable
        String tokenizer,

        @Key(value = "engines that only prefill, instead of engines; needs decode and disaggregation", defaultsTo = "~")
        @Nullable
        EngineGroupConfig prefill,

        @Key(value = "engines that decode what others prefilled, and take all other requests", defaultsTo = "~")
        @Nullable
        EngineGroupConfig decode,

        @Key(value = "how prefill and decode work together", defaultsTo = "~") @Nullable
        DisaggregationConfig disaggregation) {

    private static final String PREFILL = "/prefill";

    /** A pool that lists its engines, which prefill and decode. */
    public PoolConfig(
            String name,
            List<EngineConfig> engines,
            List<String> models,
            Protocol protocol,
            EngineKeyConfig key,
            PolicyConfig policy,
            HealthConfig health,
            LimitsConfig limits,
            EngineTlsConfig tls,
            @Nullable String tokenizer) {
        this(name, engines, null, models, protocol, key, policy, health, limits, tls, tokenizer, null, null, null);
    }

    /**
     * The groups of engines as the fleet knows them, each a pool of its own: this one; or, if it is disaggregated, its decode engines
     * under its name, and its prefill engines under {@link #prefillName}.
     */
    public List<PoolConfig> groups() {
        return decode == null || prefill == null
                ? List.of(this)
                : List.of(group(name, decode), group(prefillName(name), prefill));
    }

    private PoolConfig group(String called, EngineGroupConfig of) {
        return new PoolConfig(
                called,
                of.engines(),
                of.discovery(),
                models,
                protocol,
                key,
                of.policy(),
                of.health(),
                of.limits(),
                tls,
                tokenizer,
                null,
                null,
                null);
    }

    /** What the prefill engines of a pool are called in metrics and logs; no pool can have that name. */
    public static String prefillName(String pool) {
        return pool + PREFILL;
    }

    /** True for the name of the prefill engines of a pool. */
    public static boolean isPrefill(String group) {
        return group.endsWith(PREFILL);
    }

    /** The pool that a group of engines belongs to. */
    public static String poolOf(String group) {
        return isPrefill(group) ? group.substring(0, group.length() - PREFILL.length()) : group;
    }

    /** HTTP version spoken to an engine. */
    public enum Protocol {
        HTTP1,
        HTTP2,
        H2C,
        AUTO
    }

    /** One engine. */
    @Shorthand("url")
    public record EngineConfig(
            @Key("the engine's address, http://host:port or https://host:port")
            String url,

            @Key(value = "overrides the pool's protocol for this engine", defaultsTo = "~") @Nullable
            Protocol protocol,

            @Key(value = "true: no new requests, running streams finish", defaultsTo = "false")
            boolean drain,

            @Key(value = "what is known of the engine, such as its zone; shown by /fleet", defaultsTo = "{}")
            Map<String, String> labels) {

        /** An engine without labels. */
        public EngineConfig(String url, @Nullable Protocol protocol, boolean drain) {
            this(url, protocol, drain, Map.of());
        }

        /** True if {@link #url} is an address at all, as it is in every configuration that was checked. */
        public boolean hasAddress() {
            return EngineUrl.parse(url).isPresent();
        }

        /** The host of {@link #url}: a name or an IP address, IPv6 without brackets; in lower case. */
        public String host() {
            return address().host();
        }

        /** The TCP port of {@link #url}. */
        public int port() {
            return address().port();
        }

        /** True if it is spoken to over TLS. */
        public boolean secure() {
            return address().secure();
        }

        private EngineUrl address() {
            return EngineUrl.parse(url).orElseThrow(() -> new IllegalStateException("loaded without checks"));
        }
    }
}
