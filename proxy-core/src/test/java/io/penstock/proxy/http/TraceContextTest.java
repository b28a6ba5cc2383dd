package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of W3C Trace Context, section 3.2, and of its test suite. */
final class TraceContextTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String VALUE = "00-" + TRACE + "-" + SPAN + "-01";

    @Test
    void aValidContextIsReadAndWrittenAsItWas() {
        TraceContext context = TraceContext.parse(VALUE);

        assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, TraceContext.SAMPLED));
        assertThat(context).extracting(TraceContext::value).isEqualTo(VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "02", "03", "80", "ff"})
    void everyFlagIsKept(String flags) {
        String value = VALUE.substring(0, 53) + flags;
        assertThat(TraceContext.parse(value)).extracting(TraceContext::value).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc-" + TRACE + "-" + SPAN + "-01",
                "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be-like",
                "01-" + TRACE + "-" + SPAN + "-01-"
            })
    void ofAVersionToComeTheKnownPartIsRead(String value) {
        assertThat(TraceContext.parse(value)).isEqualTo(new TraceContext(TRACE, SPAN, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-" + TRACE + "-" + SPAN,
                "00-" + TRACE + "-" + SPAN + "-1",
                "00-" + TRACE + "-" + SPAN + "-01-",
                "00-" + TRACE + "-" + SPAN + "-01-more",
                "00-" + TRACE + "-" + SPAN + "-011",
                "cc-" + TRACE + "-" + SPAN + "-01.more",
                "ff-" + TRACE + "-" + SPAN + "-01",
                "0-" + TRACE + "-" + SPAN + "-01x",
                ".0-" + TRACE + "-" + SPAN + "-01",
                "0G-" + TRACE + "-" + SPAN + "-01",
                "00_" + TRACE + "-" + SPAN + "-01",
                "00-" + TRACE + "_" + SPAN + "-01",
                "00-" + TRACE + "-" + SPAN + "_01",
                "00-00000000000000000000000000000000-" + SPAN + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
                "00-" + TRACE + "-B7AD6B7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319-" + SPAN + "-01x",
                "00-.af7651916cd43dd8448eb211c80319c-" + SPAN + "-01",
                "00-" + TRACE + "-.7ad6b7169203331-01",
                "00-" + TRACE + "-" + SPAN + "-.1",
                "00-" + TRACE + "-" + SPAN + "-0A",
                "00-" + TRACE + "-" + SPAN + "-\u0660\u0661"
            })
    void anInvalidContextIsNone(String value) {
        assertThat(TraceContext.parse(value)).isNull();
    }

    @Test
    void aRequestHasOneContextOrNone() {
        HttpHeaders headers = new DefaultHttpHeaders();
        assertThat(TraceContext.of(headers)).isNull();

        headers.add("TraceParent", VALUE);
        assertThat(TraceContext.of(headers)).isEqualTo(new TraceContext(TRACE, SPAN, 1));

        headers.add("traceparent", VALUE);
        assertThat(TraceContext.of(headers)).isNull();
    }
}
