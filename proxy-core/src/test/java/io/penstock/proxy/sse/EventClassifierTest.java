package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventClassifierTest {

    private static final String HEAD =
            "{\"id\":\"chatcmpl-r1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"m\",\"choices\":[";

    private final EventClassifier classifier = new EventClassifier();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "EMPTY           | {\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"content\":\"Hel\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"reasoning\":\"Hm\"},\"finish_reason\":null}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"reasoning_content\":\"Hm\",\"content\":null},\"finish_reason\":null}]",
                "CONTENT         | {\"delta\":{\"refusal\" : \"No\"},\"index\":0}]",
                "CONTENT         | {\"index\":0,\"text\":\"Hel\",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":5}",
                "CONTENT         | {\"index\":0,\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\" {[\"},\"finish_reason\":null}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":null,\"function\":{\"name\":null,\"arguments\":\"1\"}}]}}]",
                "TOOL_CALL_START | {\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}}]",
                "TOOL_CALL_START | {\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"name\":\"f\"}}]}}]",
                "TOOL_CALL_START | {\"index\":0,\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}}]",
                "FINISH          | {\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]",
                "FINISH          | {\"index\":0,\"delta\":{},\"finish_reason\": \"tool_calls\"}]",
                "CONTENT         | {\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"\"}]",
                "USAGE           | ],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}",
                "EMPTY           | ],\"usage\":null",
                "EMPTY           | {\"index\":0,\"delta\":{},\"logprobs\":{\"content\":[]}}]",
            })
    void tellsTheChunksOfChatsAndCompletions(EventClass expected, String rest) {
        assertThat(classify("data: " + HEAD + rest + "}\n\n")).isEqualTo(expected);
        assertThat(classify("data:" + HEAD + rest + "}\r\n\r\n")).isEqualTo(expected);
        assertThat(classify("\uFEFFdata: " + HEAD + rest + "}\r\r")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "DONE      | data: [DONE]~~",
                "DONE      | data:[DONE]~~",
                "COMMENT   | : ping~~",
                "COMMENT   | :~~",
                "COMMENT   | data: {\"choices\":[]}~: late~~",
                "ERROR     | data: {\"error\":{\"message\":\"m\",\"code\":500}}~~",
                "ERROR     | event: error~data: {\"type\":\"error\",\"error\":{\"type\":\"internal_error\"}}~~",
                "ERROR     | data: {\"type\":\"error\",\"code\":\"x\"}~~",
                "CONTENT   | data: {\"text\":\"x\",\"meta_info\":{\"finish_reason\":null}}~~",
                "FINISH    | data: {\"text\":\"x\",\"meta_info\":{\"finish_reason\":{\"type\":\"stop\"}}}~~",
                "CONTENT   | data: plain words~~",
                "CONTENT   | event: message~data: plain words~~",
                "STRUCTURE | event: response.created~data: {\"type\":\"response.created\",\"sequence_number\":0}~~",
                "CONTENT   | event: response.output_text.delta~data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}~~",
                "CONTENT   | data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}~~",
                "CONTENT   | data: {\"type\":\"response.function_call_arguments.delta\"}~~",
                "STRUCTURE | data: {\"type\":\"response.output_item.added\"}~~",
                "CONTENT   | event: content_block_delta~data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}~~",
                "STRUCTURE | event: content_block_start~data: {\"type\":\"content_block_start\",\"index\":0}~~",
                "USAGE     | event: message_delta~data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}~~",
                "STRUCTURE | event: message_stop~data: {\"type\":\"message_stop\"}~~",
                "EMPTY     | id: 7~~",
                "EMPTY     | ~",
            })
    void tellsOtherEvents(EventClass expected, String event) {
        assertThat(classify(event.replace('~', '\n'))).isEqualTo(expected);
    }

    @Test
    void readsDataThatAreSpreadOverLines() {
        assertThat(classify("data: " + HEAD + "\ndata: {\"index\":3,\ndata: \"delta\":{\"content\":\"a\"}}]}\n\n"))
                .isEqualTo(EventClass.CONTENT);
        assertThat(classifier.choice()).isEqualTo(3);
    }

    @Test
    void findsTheChoiceAndNotTheIndexOfACall() {
        classify("data: " + HEAD + "{\"index\":2,\"delta\":{\"tool_calls\":[{\"index\":7,\"function\":{}}]}}]}\n\n");
        assertThat(classifier.choice()).isEqualTo(2);
        classify("data: " + HEAD + "{\"delta\":{},\"index\":  12 },{\"index\":4}]}\n\n");
        assertThat(classifier.choice()).as("one of several").isEqualTo(EventClassifier.SEVERAL);
        classify("data: [DONE]\n\n");
        assertThat(classifier.choice()).isEqualTo(EventClassifier.NO_CHOICE);
        classify("data: " + HEAD + "{\"index\":99999999999999999999}]}\n\n");
        assertThat(classifier.choice()).isPositive();
    }

    @Test
    void doesNotLookAtWhatIsLarge() {
        assertThat(classify("data: " + "x".repeat(EventClassifier.LONGEST) + "\n\n"))
                .isEqualTo(EventClass.LARGE);
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(1);
        String letters = "{}[]\":\\, \n\rdata:eventindexchoicesfinish_reason";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder event = new StringBuilder("data: {\"choices\":[{");
            for (int length = random.nextInt(60); length > 0; length--) {
                event.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(classify(event.toString())).isNotNull();
        }
    }

    private EventClass classify(String event) {
        ByteBuf bytes = Unpooled.wrappedBuffer(("ab" + event).getBytes(StandardCharsets.UTF_8), new byte[0]);
        return classifier.classify(bytes, 2, bytes.readableBytes());
    }
}
