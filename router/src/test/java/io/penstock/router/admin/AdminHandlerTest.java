package io.penstock.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may change something through the admin port. */
final class AdminHandlerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new AdminHandler(
            List.of(
                    AdminPage.get("/fleet", request -> AdminReply.text(200, "shown")),
                    AdminPage.post("/fleet/drain", request -> AdminReply.text(200, "drained"))),
            Runnable::run));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private String asked(HttpMethod method, String path, @Nullable String origin) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path);
        request.headers().set(HttpHeaderNames.HOST, "penstock:9090");
        if (origin != null) {
            request.headers().set(HttpHeaderNames.ORIGIN, origin);
        }
        channel.writeInbound(request);
        FullHttpResponse response = channel.readOutbound();
        try {
            return response.status().code() + " " + response.content().toString(StandardCharsets.UTF_8);
        } finally {
            response.release();
        }
    }

    @Test
    void aPageOfAnotherSiteMayChangeNothing() {
        for (String origin : List.of("http://evil.test", "http://penstock:9091", "null", "", "http://")) {
            assertThat(asked(HttpMethod.POST, "/fleet/drain", origin))
                    .as(origin)
                    .startsWith("403 ")
                    .contains("\"type\" : \"invalid_request_error\"", "\"code\" : \"cross_site\"");
        }
        assertThat(asked(HttpMethod.GET, "/fleet", "http://evil.test")).startsWith("200 shown");
    }

    @Test
    void itsOwnPagesAndClientsThatAreNoBrowsersMay() {
        assertThat(asked(HttpMethod.POST, "/fleet/drain", null)).startsWith("200 drained");
        assertThat(asked(HttpMethod.POST, "/fleet/drain", "http://Penstock:9090"))
                .startsWith("200 drained");
    }
}
