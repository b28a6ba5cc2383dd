package io.penstock.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvNetwork;
import io.penstock.router.simulate.KvSide;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.KvSide.Role;
import io.penstock.router.simulate.ReceivedRequest;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.SimulatedText;
import io.penstock.router.simulate.TimeModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Simulated engines whose prefill and decode are apart, and the configuration of a router over them. Threading: the test's thread. */
final class PrefillDecodeStand implements AutoCloseable {

    static final long SEED = 42;

    private final KvNetwork network = new KvNetwork();
    private final Connector connector;
    private final EngineProtocol protocol;
    private final List<SimulatedEngine> prefills = new ArrayList<>();
    private final List<SimulatedEngine> decodes = new ArrayList<>();
    private final List<SimulatedEngine> others = new ArrayList<>();

    private final List<String> scripted = new ArrayList<>();
    private final List<String> otherDecodes = new ArrayList<>();

    private Duration decodeTakes = Duration.ZERO;
    private Duration lease = Duration.ofSeconds(30);
    private Duration patience = Duration.ofMinutes(5);

    PrefillDecodeStand(Connector connector, EngineProtocol protocol) {
        this.connector = connector;
        this.protocol = protocol;
    }

    /** How long the engines started from now on keep blocks. */
    PrefillDecodeStand lease(Duration kept) {
        lease = kept;
        return this;
    }

    /** How long decode engines started from now on take to prefill a token. */
    PrefillDecodeStand decodeTakes(Duration forEachToken) {
        decodeTakes = forEachToken;
        return this;
    }

    /** How long the engines started from now on wait for each other. */
    PrefillDecodeStand patience(Duration waits) {
        patience = waits;
        return this;
    }

    /** Starts so many engines of either kind. */
    PrefillDecodeStand engines(int prefill, int decode) {
        for (int i = 0; i < prefill; i++) {
            prefills.add(start(Role.PREFILL));
        }
        for (int i = 0; i < decode; i++) {
            decodes.add(start(Role.DECODE));
        }
        return this;
    }

    private SimulatedEngine start(Role role) {
        boolean prefills = role == Role.PREFILL;
        Duration forEachToken = prefills ? Duration.ZERO : decodeTakes;
        return SimulatedEngine.start(options()
                .protocols(prefills ? EnumSet.of(protocol, EngineProtocol.HTTP1) : EnumSet.of(protocol))
                .time(new TimeModel(Duration.ofMillis(2), forEachToken, Duration.ofMillis(1), 256, 1))
                .kv(new KvSide(network, connector, role, lease, patience))
                .build());
    }

    /** An engine that does both. */
    SimulatedEngine whole() {
        SimulatedEngine engine = SimulatedEngine.start(options().build());
        others.add(engine);
        return engine;
    }

    private SimulatedEngineOptions.Builder options() {
        return SimulatedEngineOptions.builder()
                .models(SimulatedModel.base("m"), SimulatedModel.adapter("lora", "m"))
                .seed(SEED)
                .protocols(EnumSet.of(protocol))
                .recordedRequests(64)
                .time(TimeModel.of(Duration.ofMillis(2), Duration.ofMillis(1)));
    }

    SimulatedEngine prefill() {
        return prefills.get(0);
    }

    SimulatedEngine decode() {
        return decodes.get(0);
    }

    List<SimulatedEngine> prefills() {
        return prefills;
    }

    List<SimulatedEngine> decodes() {
        return decodes;
    }

    KvNetwork network() {
        return network;
    }

    /** A router's configuration with these engines, and these keys of {@code disaggregation} besides the protocol. */
    String yaml(String disaggregation) {
        return yaml(disaggregation, "");
    }

    /** The same, where a prefill engine takes one request at a time and one more may wait for it. */
    String yamlWithRoomForOne(String disaggregation) {
        return yaml(disaggregation)
                .replace("prefill: { engines", "prefill: { limits: { engineRequests: 1, waiting: 1 }, engines");
    }

    /** The same, with more pools. */
    String yaml(String disaggregation, String pools) {
        String named = switch (connector) {
            case NIXL -> "vllm-nixl";
            case PUSH -> "vllm-concurrent";
            case SGLANG -> "sglang";
        };
        return """
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1, settleTime: 0s }
                pools:
                  - name: chat
                    models: [m]
                    protocol: %s
                    prefill: { engines: %s, health: { interval: 1h } }
                    decode: { engines: %s, health: { interval: 1h } }
                    disaggregation: { protocol: %s%s }
                %s
                routes:
                  - name: main
                    to: [{ pool: chat }]
                """.formatted(
                        protocol == EngineProtocol.H2C ? "h2c" : "http1",
                        urls(prefills),
                        urls(decodes),
                        named,
                        bootstrap() + (disaggregation.isEmpty() ? "" : ", " + disaggregation),
                        pools);
    }

    /** The simulated engines are their own bootstrap servers. */
    private String bootstrap() {
        return connector == Connector.PUSH ? ", bootstrapPort: " + prefill().port() : "";
    }

    private String urls(List<SimulatedEngine> engines) {
        Stream<String> all = engines.stream().map(SimulatedEngine::url);
        return (engines == prefills ? Stream.concat(all, scripted.stream()) : Stream.concat(otherDecodes.stream(), all))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Adds a prefill engine that answers as a script says. */
    PrefillDecodeStand prefillingAs(ScriptedEngine engine) {
        scripted.add(engine.url());
        return this;
    }

    /** Adds a decode engine in front of the others to which every connect hangs. */
    PrefillDecodeStand decodingAt(FullBacklog hanging) {
        otherDecodes.add("\"http://127.0.0.1:" + hanging.port() + '"');
        return this;
    }

    /** Adds a decode engine in front of the others that answers as a script says. */
    PrefillDecodeStand decodingAs(ScriptedEngine engine) {
        otherDecodes.add(engine.url());
        return this;
    }

    /** The bodies an engine was sent, those of probes left out. */
    static List<ReceivedRequest> posts(SimulatedEngine engine) {
        return engine.received().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    /** A chat that asks for so many tokens, and what else its body says. */
    static String chat(int tokens, String more) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"tell me\"}],\"ignore_eos\":true,"
                + "\"max_tokens\":" + tokens + more + "}";
    }

    /** A completion that asks for so many tokens, and what else its body says. */
    static String completion(int tokens, String more) {
        return "{\"model\":\"m\",\"prompt\":\"tell me\",\"ignore_eos\":true,\"max_tokens\":" + tokens + more + "}";
    }

    /** What the engines answer to such a chat. */
    static String chatAnswer(int tokens) {
        return SimulatedText.of(SEED, ChatPrompt.ofUser("tell me")).first(tokens);
    }

    /** What the engines answer to such a completion. */
    static String completionAnswer(int tokens) {
        return SimulatedText.of(SEED, "tell me").first(tokens);
    }

    /** What an answer says, streamed or not, to a chat or a completion. */
    static String said(RawResponse answer) {
        if (answer.text().startsWith("data:")) {
            return EventText.said(answer.text(), 0);
        }
        JsonNode choice = OpenAiErrors.parse(answer.text()).path("choices").path(0);
        return choice.path("message").path("content").asText()
                + choice.path("text").asText();
    }

    @Override
    public void close() {
        prefills.forEach(SimulatedEngine::close);
        decodes.forEach(SimulatedEngine::close);
        others.forEach(SimulatedEngine::close);
    }
}
