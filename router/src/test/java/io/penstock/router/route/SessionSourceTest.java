package io.penstock.router.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.InferenceRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionSourceTest {

    private static final List<String> BODY = List.of("prompt_cache_key", "metadata.session_id", "user");
    private static final BodyFields FIELDS = BodyFields.of(BODY);
    private final SessionSource source =
            new SessionSource(new RouteConfig.SessionConfig(List.of("x-session-id", "X_Task-Id"), BODY), FIELDS);

    private @Nullable SessionKey find(HttpHeaders headers, String body) throws ProxyFailure {
        return source.find(headers, InferenceRequest.ofJson(Unpooled.copiedBuffer(body, UTF_8), FIELDS));
    }

    private static HttpHeaders headers(String... all) {
        HttpHeaders headers = new DefaultHttpHeaders().add("host", "h").add("x-session", "no");
        for (int i = 0; i < all.length; i += 2) {
            headers.add(all[i], all[i + 1]);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-session-id", "X-Session-ID", "X_SESSION_ID", "x_session-id"})
    void headersMatchWhateverCaseAndDashes(String name) throws ProxyFailure {
        assertThat(find(headers(name, "s1"), "{\"user\":\"u\"}")).isEqualTo(SessionKey.of("s1"));
    }

    @Test
    void theOrderIsTheConfigurationsNotTheRequests() throws ProxyFailure {
        assertThat(find(headers("x-task-id", "t", "x-session-id", "s"), "{}")).isEqualTo(SessionKey.of("s"));
        assertThat(find(headers("x-task-id", "t"), "{\"user\":\"u\"}")).isEqualTo(SessionKey.of("t"));
        assertThat(find(headers(), "{\"user\":\"u\",\"metadata\":{\"session_id\":\"m\"}}"))
                .isEqualTo(SessionKey.of("m"));
        assertThat(find(headers(), "{\"user\":\"u\",\"prompt_cache_key\":\"p\"}"))
                .isEqualTo(SessionKey.of("p"));
    }

    @Test
    void emptyValuesAreNone() throws ProxyFailure {
        assertThat(find(headers("x-session-id", ""), "{\"user\":\"u\",\"prompt_cache_key\":\"\"}"))
                .isEqualTo(SessionKey.of("u"));
        assertThat(find(headers(), "{}")).isNull();
        assertThat(source.find(headers(), InferenceRequest.opaque())).isNull();
    }

    @Test
    void aSessionIsTheSameFromHeaderAndBody() throws ProxyFailure {
        assertThat(find(headers("x-session-id", "s"), "{}")).isEqualTo(find(headers(), "{\"user\":\"s\"}"));
    }
}
