package io.penstock.router.route;

import static io.penstock.router.route.Requests.answer;
import static io.penstock.router.route.Requests.forward;
import static io.penstock.router.route.Requests.refused;
import static io.penstock.router.route.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.testkit.Gate;
import io.penstock.router.access.AccessControl;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.disaggregate.HandoverMeans;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.policy.Policies;
import io.penstock.router.prompt.LoadedTokenizer;
import io.penstock.router.prompt.Tokenization;
import io.penstock.router.prompt.TokenizerCounts.Outcome;
import io.penstock.router.tokenize.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TokenStepTest {

    private static final int INLINE = Integer.MAX_VALUE;
    private static final String LONG = "{\"model\":\"m\",\"prompt\":\"" + "word ".repeat(500) + "\"}";

    private final LoadedTokenizer tokenizer;
    private OffloadLanes lanes = lanes(INLINE);
    private Fleet fleet;

    TokenStepTest() throws IOException, ConfigException {
        tokenizer = new LoadedTokenizer(
                config("{}").tokenizers().get(0), Samples.tokenizer("llama-style", 0), body -> "<|im_start|>rendered");
        fleet = fleet(config("{}"));
    }

    private static OffloadLanes lanes(int inlineBelow) {
        return new OffloadLanes("step", 2, 1, new OffloadLanes.Sizes(inlineBelow, INLINE), () -> 0);
    }

    private static RouterConfig config(String tokens) throws ConfigException {
        return ConfigLoader.parse("pools: [{name: a, engines: [http://h:1], models: [m], tokenizer: llama}]\n"
                + "tokenizers: [{name: llama, type: huggingface, path: x}]\n"
                + "routes: [{name: r, to: [{pool: a}], tokens: " + tokens + "}]\n");
    }

    private static Fleet fleet(RouterConfig config) {
        return new Fleet(config, policy -> Policies.of(policy, () -> 0), new ManualControl());
    }

    private FleetRouter router(String tokens) throws ConfigException {
        RouterConfig config = config(tokens);
        fleet = fleet(config);
        var tokenization = new Tokenization(config, Map.of("llama", tokenizer), lanes);
        return new FleetRouter(
                config,
                fleet,
                new RouterMeans(
                        BodyScans.NONE,
                        WaitObserver.NONE,
                        AccessControl::forEverybody,
                        unused -> tokenization,
                        HandoverMeans.untold(() -> 0)));
    }

    private FleetRouter saturated(String tokens) throws ConfigException {
        lanes.close();
        lanes = lanes(0);
        lanes.close();
        return router(tokens);
    }

    private static RoutingRequest post(String path, String json) {
        return request(HttpMethod.POST, path, json);
    }

    @AfterEach
    void close() {
        lanes.close();
    }

    @Test
    void aRouteThatWantsNoTokensCountsNone() throws ConfigException {
        assertThat(forward(router("{}"), post("/v1/completions", LONG)).plan().promptTokens())
                .isEqualTo(-1);
        assertThat(tokenizer.counts().of(Outcome.COUNTED)).isZero();
    }

    @Test
    void aCountGoesToThePlanAndToTheEngine() throws ConfigException {
        RouteDecision.Forward sent = forward(router("{count: true}"), post("/v1/completions", LONG));

        assertThat(sent.plan().promptTokens()).isGreaterThan(500);
        assertThat(fleet.engines())
                .extracting(EngineView::promptTokens)
                .containsExactly(sent.plan().promptTokens());
    }

    @Test
    void withoutRoomARouteGoesOnOrRefusesAsItSays() throws ConfigException {
        RouteDecision.Forward sent = forward(saturated("{maxModelLen: 10}"), post("/v1/completions", LONG));
        assertThat(sent.plan().promptTokens()).isEqualTo(-1);
        assertThat(tokenizer.counts().of(Outcome.SKIPPED)).isOne();

        FleetRouter strict = saturated("{maxModelLen: 10, onOverload: reject}");
        assertThat(refused(strict, post("/v1/completions", LONG), FailureKind.OVERLOADED)
                        .retryAfterSeconds())
                .isPositive();
        assertThat(tokenizer.counts().of(Outcome.REJECTED)).isOne();
    }

    @Test
    void aDefectOfTheBodyIsTheEnginesToJudge() throws ConfigException {
        String broken = "{\"model\":\"m\",\"prompt\":[\"a\", oops]}";

        assertThat(forward(router("{maxModelLen: 10}"), post("/v1/completions", broken))
                        .plan()
                        .promptTokens())
                .isEqualTo(-1);
        assertThat(tokenizer.counts().of(Outcome.FAILED)).isOne();
    }

    @Test
    void chatsAreRefusedByWhatTheirTemplateRenders() throws ConfigException {
        String chat = "{\"model\":\"m\",\"messages\":[],\"max_tokens\":20}";

        assertThat(refused(
                                router("{maxModelLen: 10}"),
                                post("/v1/chat/completions", chat),
                                FailureKind.CONTEXT_LENGTH_EXCEEDED)
                        .message())
                .contains("20 in the completion");
    }

    @Test
    void whatOnlyTakesAPromptApartTakesOneOfAnyLength() throws ConfigException {
        RouteDecision.Forward sent = forward(router("{maxModelLen: 10}"), post("/tokenize", LONG));

        assertThat(sent.plan().promptTokens()).as("counted to its end").isGreaterThan(500);
    }

    /** All of the body is read and rendered. */
    @Test
    void aShortMessageWithLongToolsIsNotTokenizedOnTheLoop() throws ConfigException {
        lanes.close();
        lanes = new OffloadLanes("step", 2, 1, new OffloadLanes.Sizes(128, 4096), () -> 0);
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"" + "x".repeat(5000) + "\"}}";
        String chat = "{\"model\":\"m\",\"messages\":[],\"tools\":[" + tool + "]}";

        var unused = router("{count: true}").route(post("/v1/chat/completions", chat));

        assertThat(lanes.inline()).isZero();
        assertThat(lanes.huge().submitted()).isOne();
    }

    @Test
    void tokenizeIsAnsweredWhereTheRouteSaysSo() throws ConfigException {
        String text = "{\"model\":\"m\",\"prompt\":\"a\",\"add_special_tokens\":false}";
        String chat = "{\"model\":\"m\",\"messages\":[]}";
        FleetRouter answers = router("{endpoints: true}");

        assertThat(answer(answers, post("/tokenize", text)))
                .startsWith("{\"count\":1,\"max_model_len\":null,\"tokens\":[")
                .endsWith("],\"token_strs\":null}");
        assertThat(answer(answers, post("/tokenize", chat))).startsWith("{\"count\":");
        assertThat(answer(answers, post("/detokenize", "{\"model\":\"m\",\"tokens\":[]}")))
                .isEqualTo("{\"prompt\":\"\"}");
        assertThat(forward(router("{count: true}"), post("/tokenize", text))).isNotNull();
    }

    @Test
    void whatTheRouterAnswersItselfIsARequestToItsLimitsOnce() throws ConfigException {
        String text = "{\"model\":\"m\",\"prompt\":\"a\"}";
        FleetRouter answers = router("{endpoints: true}, access: {requestsPerMinute: 2}");

        assertThat(answer(answers, post("/tokenize", text))).startsWith("{\"count\":");
        forward(answers, post("/tokenize", "{\"model\":\"m\",\"messages\":[],\"chat_template\":\"x\"}"));
        refused(answers, post("/tokenize", text), FailureKind.RATE_LIMITED);
        assertThat(tokenizer.counts().of(Outcome.ANSWERED)).isOne();
    }

    @Test
    void theEngineIsPickedFromThoseThatAreThereOnceTokensAreCounted() throws Exception {
        lanes.close();
        lanes = lanes(0);
        FleetRouter router = router("{count: true}");
        DefaultEventExecutor loop = new DefaultEventExecutor();
        Gate running = new Gate();
        Gate gate = new Gate();
        var held = lanes.small().submit(loop, () -> {
            running.open();
            gate.await();
            return true;
        });
        running.await();
        Future<RouteDecision> decision = router.route(post("/v1/completions", LONG));
        fleet.drain("h:1", true);
        gate.open();

        assertThat(held.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(decision.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(RouteDecision.Reject.class);
        assertThat(fleet.engines()).allMatch(engine -> engine.inFlight() == 0);
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aClientThatLeavesDropsItsWorkAndTakesNoTicket() throws Exception {
        lanes.close();
        lanes = lanes(0);
        FleetRouter router = router("{count: true}");
        DefaultEventExecutor loop = new DefaultEventExecutor();
        Gate running = new Gate();
        Gate gate = new Gate();
        var held = lanes.small().submit(loop, () -> {
            running.open();
            gate.await();
            return true;
        });
        running.await();
        ByteBuf body = Unpooled.copiedBuffer(LONG, StandardCharsets.UTF_8);
        RoutingRequest request = request(HttpMethod.POST, "/v1/completions", body);

        Future<RouteDecision> decision = router.route(request);
        assertThat(decision.isDone()).isFalse();
        assertThat(body.refCnt()).isEqualTo(2);
        decision.cancel(false);

        assertThat(body.refCnt()).isOne();
        assertThat(lanes.small().cancelled()).isOne();
        gate.open();
        assertThat(held.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(fleet.engines()).allMatch(engine -> engine.inFlight() == 0);
        body.release();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
