package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.RawResponse;

/** What a client must find in an answer that reports a failure. Threading: pure functions. */
final class OpenAiErrors {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OpenAiErrors() {}

    /** Asserts that a whole response is the JSON answer of this failure; returns its message. */
    static String assertFailure(RawResponse response, FailureKind kind) {
        assertThat(response.head().value("content-type")).startsWith("application/json");
        assertThat(response.head().value("x-request-id")).isNotEmpty();
        String message = assertError(response.text(), kind);
        assertThat(response.status()).as(message).isEqualTo(kind.status());
        return message;
    }

    /** Asserts that a JSON text is the error object of this failure; returns its message. */
    static String assertError(String json, FailureKind kind) {
        JsonNode error = parse(json).path("error");
        assertThat(error.path("code").asText()).as(json).isEqualTo(codeOf(kind));
        assertThat(error.path("type").asText()).as(json).isEqualTo(kind.type());
        assertThat(error.has("param")).as(json).isTrue();
        assertThat(error.path("message").asText()).as(json).isNotBlank();
        return error.path("message").asText();
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    private static String codeOf(FailureKind kind) {
        return switch (kind) {
            case OVERLOADED, RATE_LIMITED -> "rate_limit_exceeded";
            case UNAUTHORIZED -> "invalid_api_key";
            default -> kind.label();
        };
    }
}
