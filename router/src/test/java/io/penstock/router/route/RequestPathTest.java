package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestPathTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/v1/chat/completions, /v1/chat/completions",
        "/v1/chat/completions?a=//..;b, /v1/chat/completions",
        "/v1/chat/completions/, /v1/chat/completions",
        "/metrics/, /metrics",
        "/%76%31/chat, /v1/chat",
        "/slee%70, /sleep",
        "/v1/a.b/..c/d, /v1/a.b/..c/d",
        "/V1/Chat, /V1/Chat",
        "/v1/models/org%2Fmodel, /v1/models/org/model",
        "/v1/models/org/model, /v1/models/org/model",
        "/v1/models/a%20b%C3%BC, /v1/models/a bü",
        "/v1/models/, /v1/models/",
        "/v1/models, /v1/models"
    })
    void aPlainPathIsMade(String uri, String path) throws ProxyFailure {
        assertThat(RequestPath.plain(uri)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "v1/chat",
                "http://host/v1/chat",
                "//v1/chat",
                "/v1//chat",
                "/v1/chat//",
                "/v1/../metrics",
                "/v1/..",
                "/v1/./chat",
                "/.",
                "/..",
                "/../sleep",
                "/v1/%2e%2e/metrics",
                "/v1/.%2E/metrics",
                "/v1%2fchat",
                "/v1%2Fload_lora_adapter",
                "/v1%5cchat",
                "/v1\\chat",
                "/v1/chat;a=b",
                "/sleep;",
                "/v1/chat%3ba",
                "/v1/%25%32%66",
                "/v1/chat%3fx",
                "/v1/chat%23x",
                "/v1/chat#x",
                "/v1/cha%0at",
                "/v1/cha%00t",
                "/v1/cha%7ft",
                "/v1/cha t",
                "/v1/ch\u00e4t",
                "/v1/%",
                "/v1/%4",
                "/v1/%zz",
                "/v1/models/%0a",
                "/v1/models/%e"
            })
    void whatTwoParsersCouldReadDifferentlyIsRefused(String uri) {
        assertThatThrownBy(() -> RequestPath.plain(uri))
                .isInstanceOfSatisfying(
                        ProxyFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BAD_REQUEST));
    }
}
