package io.penstock.proxy.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureResponseTest {

    @Test
    void aMethodThatIsNotAllowedNamesThoseThatAre() {
        var failure = ProxyFailure.of(FailureKind.METHOD_NOT_ALLOWED, "no");
        assertThat(headers(failure.allowing("GET, HEAD").retryAfter(2)).get("allow"))
                .isEqualTo("GET, HEAD");
        assertThat(headers(failure).get("allow")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "METHOD_NOT_ALLOWED")
    void noOtherFailureSpeaksOfMethods(FailureKind kind) {
        assertThat(headers(ProxyFailure.of(kind, "no")).contains("allow")).isFalse();
    }

    @Test
    void otherWordsChangeNothingElse() {
        var failure = ProxyFailure.of(FailureKind.NO_ENGINE, "no").retryAfter(2).saying("nobody \"there\"");
        assertThat(headers(failure).get("retry-after")).isEqualTo("2");
        assertThat(FailureResponse.body(failure, "/v1/x").toString(StandardCharsets.UTF_8))
                .contains("\"message\":\"nobody \\\"there\\\"\"")
                .contains("\"code\":\"no_engine\"");
    }

    private static HttpHeaders headers(ProxyFailure failure) {
        return FailureResponse.head(failure, 0).headers();
    }
}
