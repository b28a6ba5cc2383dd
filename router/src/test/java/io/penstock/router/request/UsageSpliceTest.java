package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a request for a stream is made to ask for its usage. */
final class UsageSpliceTest {

    private static final BodyFields FIELDS = BodyFields.of(List.of("user"));

    private static @Nullable BodySplice splice(String body) throws ProxyFailure {
        return InferenceRequest.ofJson(Unpooled.copiedBuffer(body, UTF_8), FIELDS)
                .askingForUsage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"stream\":true}|{\"stream_options\":{\"include_usage\":true},\"stream\":true}",
                "  { \"stream\" : true }|  {\"stream_options\":{\"include_usage\":true}, \"stream\" : true }",
                "{\"stream\":true,\"stream_options\":null}|{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{}}|{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream_options\":{ },\"stream\":true}|{\"stream_options\":{\"include_usage\":true },\"stream\":true}",
                "{\"stream\":true,\"stream_options\":{\"a\":1}}|{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"a\":1}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":false,\"a\":1}}|{\"stream\":true,\"stream_options\":{\"include_usage\":true,\"a\":1}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\": null}}|{\"stream\":true,\"stream_options\":{\"include_usage\": true}}",
                "{\"stream\":true,\"stream\\u005foptions\":{}}|{\"stream\":true,\"stream\\u005foptions\":{\"include_usage\":true}}",
                // of what is there twice, the last counts
                "{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"stream_options\":{}}|{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
            })
    void isAskedFor(String body, String asking) throws ProxyFailure {
        BodySplice splice = Objects.requireNonNull(splice(body));
        assertThat(body.substring(0, splice.start())
                        + new String(splice.replacement(), UTF_8)
                        + body.substring(splice.end()))
                .isEqualTo(asking);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"stream\":false}",
                "{\"stream\":\"true\"}",
                "{\"stream_options\":{}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}}",
                "{\"stream\":true,\"stream_options\":[]}",
                "{\"stream\":true,\"stream_options\":7}",
                "{\"stream\":true,\"stream_options\":\"x\"}"
            })
    void isLeftAlone(String body) throws ProxyFailure {
        assertThat(splice(body)).isNull();
    }
}
