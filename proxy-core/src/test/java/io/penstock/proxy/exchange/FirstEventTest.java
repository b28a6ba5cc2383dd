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
                "event:error"
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
                ": ping\n\n",
                "event: message_start\n",
                "{\"error\":{",
                "\r\n\r\n",
                "x"
            })
    void everythingElseIsAnAnswer(String text) {
        assertThat(read(text)).isEqualTo(Reading.ANSWER);
    }

    @Test
    void everyBeginningOfAnErrorIsUndecided() {
        int decided = VLLM.indexOf(":{\"message") + 2;
        for (int length = 0; length <= VLLM.length(); length++) {
            assertThat(read(VLLM.substring(0, length)))
                    .as("the first %d bytes", length)
                    .isEqualTo(length < decided ? Reading.UNDECIDED : Reading.ERROR);
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
