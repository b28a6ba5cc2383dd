package io.penstock.router.disaggregate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefilledTest {

    private static LegAnswer answer(int status, String body, boolean whole) {
        return new LegAnswer(status, "application/json", body.getBytes(UTF_8), whole);
    }

    @Test
    void parametersAreHandedOnAsTheyCame() {
        var answer = answer(200, "{\"id\":1,\"kv_transfer_params\":{\"a\": 1.0}}", true);

        assertThat(Prefilled.of(answer, true)).isEqualTo(new Prefilled.Done("{\"a\": 1.0}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {} | true | NO_PARAMETERS",
                "200 | {\"error\":{}} | true | ERROR_IN_200",
                "200 | no | true | UNREADABLE",
                "200 | {\"kv_transfer_params\":{}} | false | UNREADABLE",
                "500 | {} | true | STATUS",
                "404 | {} | true | STATUS",
                "429 | {} | true | STATUS",
                "302 | {} | true | STATUS"
            })
    void whatHandsNothingOverIsAFailure(int status, String body, boolean whole, PrefillFault fault) {
        assertThat(Prefilled.of(answer(status, body, whole), true)).isEqualTo(new Prefilled.Failed(fault));
    }

    @ParameterizedTest
    @CsvSource({"400", "413", "422"})
    void aRequestThatIsAtFaultIsItsClients(int status) {
        var answer = answer(status, "{}", true);

        assertThat(Prefilled.of(answer, true)).isEqualTo(new Prefilled.Refused(answer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"choices\":[]} | true", "data: {\"choices\":[]} | true", "what | true", "{ | false"})
    void whereNothingIsHandedOverInTheAnswerItOnlyMustBeNoError(String body, boolean whole) {
        assertThat(Prefilled.of(answer(200, body, whole), false)).isEqualTo(new Prefilled.Done(null));
    }

    @Test
    void anErrorMayBeTheFirstEvent() {
        var answer = answer(200, "data: {\"error\":{\"message\":\"x\"}}\n\ndata: [DONE]\n\n", true);

        assertThat(Prefilled.of(answer, false)).isEqualTo(new Prefilled.Failed(PrefillFault.ERROR_IN_200));
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT_FAILED, UNREACHABLE",
        "CONNECT_TIMEOUT, UNREACHABLE",
        "FIRST_TOKEN_TIMEOUT, TIMEOUT",
        "ENGINE_RESET, RESET",
        "BAD_RESPONSE, UNREADABLE"
    })
    void aFailureOfTheLegHasItsReason(FailureKind kind, PrefillFault fault) {
        var leg = ImmediateEventExecutor.INSTANCE.<LegAnswer>newFailedFuture(ProxyFailure.of(kind, "x"));

        assertThat(Prefilled.of(leg, true)).isEqualTo(new Prefilled.Failed(fault));
    }
}
