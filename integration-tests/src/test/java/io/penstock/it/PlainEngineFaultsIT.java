package io.penstock.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plain HTTP server of somebody else's making as the engine, healthy and with faults. */
final class PlainEngineFaultsIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final WireMockServer engine =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void startEngine() {
        engine.start();
        engine.stubFor(get(urlEqualTo("/health")).willReturn(aResponse().withStatus(200)));
        engine.stubFor(get(urlEqualTo("/v1/models"))
                .willReturn(aResponse().withBody("{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}")));
    }

    @AfterEach
    void stopEngine() {
        engine.stop();
    }

    @Test
    void requestAndAnswerPass() throws IOException {
        String answer = "{\"id\":\"1\",\"choices\":[]}";
        answering(aResponse()
                .withStatus(200)
                .withHeader("content-type", "application/json")
                .withBody(answer));
        RawResponse response = ask();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(answer);
        engine.verify(postRequestedFor(urlEqualTo("/v1/chat/completions")).withRequestBody(equalToJson(BODY)));
    }

    @Test
    void errorsOfTheEnginePass() throws IOException {
        answering(aResponse().withStatus(500).withBody("Internal Server Error"));
        RawResponse response = ask();
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.text()).isEqualTo("Internal Server Error");
    }

    @Test
    void aResetIsAnError() throws IOException {
        answering(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        OpenAiErrors.assertFailure(ask(), FailureKind.ENGINE_RESET);
    }

    @Test
    void anEmptyAnswerIsAnError() throws IOException {
        answering(aResponse().withFault(Fault.EMPTY_RESPONSE));
        OpenAiErrors.assertFailure(ask(), FailureKind.ENGINE_RESET);
    }

    @Test
    void garbageInsteadOfAnAnswerIsAnError() throws IOException {
        answering(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
        RawResponse response = ask();
        // without a line's end in it, the garbage is only an answer that never came
        boolean hasLine = response.text().contains("not valid HTTP");
        OpenAiErrors.assertFailure(response, hasLine ? FailureKind.BAD_RESPONSE : FailureKind.ENGINE_RESET);
    }

    @Test
    void aBodyOfGarbageIsNotEnded() throws IOException {
        answering(aResponse().withStatus(200).withFault(Fault.MALFORMED_RESPONSE_CHUNK));
        RawClient client = router.client(start("{}")).post("/v1/chat/completions", BODY);
        WireHead head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
    }

    @Test
    void aDribbledAnswerArrivesWhole() throws IOException {
        String events = "data: {\"a\":1}\n\n".repeat(40) + "data: [DONE]\n\n";
        answering(aResponse()
                .withHeader("content-type", "text/event-stream")
                .withBody(events)
                .withChunkedDribbleDelay(20, 200));
        assertThat(ask().text()).isEqualTo(events);
    }

    @Test
    void anAnswerThatComesTooLateIsAnError() throws IOException {
        answering(aResponse().withStatus(200).withFixedDelay(2_000));
        RawResponse response = router.client(start("{ firstToken: 200ms }"))
                .post("/v1/chat/completions", BODY)
                .readResponse();
        OpenAiErrors.assertFailure(response, FailureKind.FIRST_TOKEN_TIMEOUT);
    }

    @Test
    void anAnswerThatComesInTimeIsNone() throws IOException {
        answering(aResponse().withStatus(200).withBody("late").withFixedDelay(200));
        assertThat(ask().text()).isEqualTo("late");
    }

    private void answering(ResponseDefinitionBuilder answer) {
        engine.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().withStatus(404)));
        engine.stubFor(post(urlEqualTo("/v1/chat/completions")).willReturn(answer));
    }

    private RawResponse ask() throws IOException {
        return router.client(start("{}")).post("/v1/chat/completions", BODY).readResponse();
    }

    private RouterUnderTest start(String timeouts) {
        return router.start(new RouterSetup()
                .engine("http://127.0.0.1:" + engine.port(), "http1")
                .route("timeouts", timeouts));
    }
}
