package io.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.exchange.FirstEvent.Reading;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FirstEventTest {

    private static final String VLLM = "data: {\"error\":{\"message\":\"Internal server error\","
            + "\"type\":\"InternalServerError\",\"param\":null,\"code\":500}}\n\n";

    private static Reading read(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer("junk" + text, StandardCharsets.UTF_8);
        try {
            return FirstEvent.read(bytes, 4, bytes.writerIndex());
        } finally {
            bytes.release();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VLLM,
                "data:{\"error\":{",
                "data: { \"error\" : {\"object\":\"error\"",
                "event: error\ndata: {\"type\":\"error\"",
                "event:error",
                ": ping\n\n" + VLLM,
                ":\r\r: ping : pong\r\n\r\n" + VLLM,
                "\n\r\n" + VLLM,
                "\ufeff" + VLLM,
                "\ufeff: ping\n\nevent: error"
            })
    void errorsOfEnginesAreKnown(String text) {
        assertThat(read(text)).isEqualTo(Reading.ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"id\":\"chatcmpl-1\"",
                "data: {\"error\":null,\"id\":1}",
                "data: {\"errors\":{}}",
                "data: \"error\"",
                "data: [DONE]\n\n",
                ": ping\n\ndata: {\"id\":\"chatcmpl-1\"",
                "event: message_start\n",
                "{\"error\":{",
                "\r\n\r\nid: 1",
                "\ufeff\ufeff" + VLLM,
                " : no comment",
                "x"
            })
    void everythingElseIsAnAnswer(String text) {
        assertThat(read(text)).isEqualTo(Reading.ANSWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {VLLM, ": ping\n\n:\r\n\r\n" + VLLM})
    void everyBeginningOfAnErrorIsUndecided(String error) {
        int decided = error.indexOf(":{\"message") + 2;
        for (int length = 0; length <= error.length(); length++) {
            assertThat(read(error.substring(0, length)))
                    .as("the first %d bytes", length)
                    .isEqualTo(length < decided ? Reading.UNDECIDED : Reading.ERROR);
        }
    }

    @Test
    void everyBeginningOfAMarkIsUndecided() {
        byte[] marked = ("\ufeff" + VLLM).getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < 10; length++) {
            assertThat(FirstEvent.read(Unpooled.wrappedBuffer(marked), 0, length))
                    .isEqualTo(Reading.UNDECIDED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VLLM,
                "data: {\"error\":{\"code\": \"503\"}}",
                "data: {\"error\":{\"code\":429}}",
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"internal_error\"}}",
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"
            })
    void anInternalErrorIsTheEngines(String event) {
        assertThat(FirstEvent.isTheEngines(event)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"internal_error\",\"code\":400}}",
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"}}",
                "data: {\"error\":{}}"
            })
    void aMistakeOfTheClientIsNot(String event) {
        assertThat(FirstEvent.isTheEngines(event)).isFalse();
    }
}
