package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What merging makes of events, case by case. */
final class ChunkMergerTest {

    private static final String HEAD =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",";

    private static String chunk(int choice, String delta, String rest) {
        return "data: " + HEAD + "\"choices\":[{\"index\":" + choice + ",\"delta\":{" + delta + "}" + rest + "}]}\n\n";
    }

    private static String delta(String delta) {
        return chunk(0, delta, ",\"logprobs\":null,\"finish_reason\":null");
    }

    private static String content(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    private static String completion(String text, String rest) {
        return "data: {\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"text\":\"" + text + "\"" + rest + "}]}\n\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"content", "reasoning", "reasoning_content", "refusal"})
    void textsAreJoined(String kind) {
        assertThat(Merged.whole(
                        delta("\"" + kind + "\":\"Hel\""),
                        delta("\"" + kind + "\":\"lo\""),
                        delta("\"" + kind + "\":\"!\"")))
                .containsExactly(delta("\"" + kind + "\":\"Hello!\""));
    }

    @Test
    void memoryThatRunsOutLeavesNoHalfBehind() {
        ChunkMerger merger = new ChunkMerger();
        ByteBuf none = Unpooled.buffer(100, 100);
        for (String text : List.of("Hel", "lo")) {
            ByteBuf event = Unpooled.copiedBuffer(content(text), StandardCharsets.ISO_8859_1);
            merger.add(event, 0, event.readableBytes(), EventClass.CONTENT, none);
        }
        assertThatThrownBy(() -> merger.settle(none)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(none.isReadable()).isFalse();
        ByteBuf room = Unpooled.buffer();
        merger.settle(room);
        assertThat(room.toString(StandardCharsets.ISO_8859_1)).isEqualTo(content("Hello"));
    }

    @Test
    void textsOfCompletionsAreJoined() {
        String rest = ",\"logprobs\":null,\"finish_reason\":null,\"stop_reason\":null,\"token_ids\":null";
        assertThat(Merged.whole(completion("a", rest), completion("b", rest))).containsExactly(completion("ab", rest));
    }

    @Test
    void escapesStayAndHalvesOfAPairMeet() {
        assertThat(Merged.whole(content("\\ud83d"), content("\\ude00\\n\\\\"), content("\\\"")))
                .containsExactly(content("\\ud83d\\ude00\\n\\\\\\\""));
    }

    @Test
    void bytesThatAreNoUtf8Stay() {
        assertThat(Merged.whole(content("\u00e2\u0082"), content("\u00ac\u00ff")))
                .containsExactly(content("\u00e2\u0082\u00ac\u00ff"));
    }

    @Test
    void argumentsOfOneToolCallAreJoinedAndItsBeginningIsNot() {
        String begins = delta("\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]");
        assertThat(Merged.whole(
                        begins, arguments(0, "{\\\"a"), arguments(0, "\\\":1}"), arguments(1, "{"), arguments(1, "}")))
                .containsExactly(begins, arguments(0, "{\\\"a\\\":1}"), arguments(1, "{}"));
    }

    private static String arguments(int call, String text) {
        return delta("\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":\"" + text + "\"}}]");
    }

    @Test
    void argumentsInTheMannerOfSglangAreJoined() {
        assertThat(Merged.whole(sglang("{"), sglang("}"))).containsExactly(sglang("{}"));
    }

    private static String sglang(String text) {
        return delta(
                "\"role\":null,\"content\":null,\"reasoning_content\":null,\"tool_calls\":[{\"id\":null,\"index\":0,"
                        + "\"type\":\"function\",\"function\":{\"name\":null,\"arguments\":\"" + text + "\"}}]");
    }

    @Test
    void argumentsOfTheOldFunctionCallAreJoined() {
        assertThat(Merged.whole(
                        delta("\"function_call\":{\"arguments\":\"{\"}"),
                        delta("\"function_call\":{\"arguments\":\"}\"}")))
                .containsExactly(delta("\"function_call\":{\"arguments\":\"{}\"}"));
    }

    @Test
    void logProbabilitiesAreJoinedWithTheirDigits() {
        assertThat(Merged.whole(
                        logprobs("a", "{\"token\":\"a\",\"logprob\":-0.00012,\"top_logprobs\":[{\"logprob\":1e-7}]}"),
                        logprobs("", ""),
                        logprobs("b", "{\"token\":\"]\\\"\",\"logprob\":-9999.0,\"top_logprobs\":[]}")))
                .containsExactly(logprobs(
                        "ab",
                        "{\"token\":\"a\",\"logprob\":-0.00012,\"top_logprobs\":[{\"logprob\":1e-7}]},"
                                + "{\"token\":\"]\\\"\",\"logprob\":-9999.0,\"top_logprobs\":[]}"));
    }

    private static String logprobs(String text, String elements) {
        return chunk(
                0,
                "\"content\":\"" + text + "\"",
                ",\"logprobs\":{\"content\":[" + elements + "],\"refusal\":null},\"token_ids\":[]");
    }

    @Test
    void logProbabilitiesOfCompletionsAreJoinedArrayByArray() {
        assertThat(Merged.whole(
                        completion("a", completionLogprobs("0", "-0.10536051541566849", "\"a\"")),
                        completion("b", completionLogprobs("1", "null", "\"b\""))))
                .containsExactly(
                        completion("ab", completionLogprobs("0,1", "-0.10536051541566849,null", "\"a\",\"b\"")));
    }

    private static String completionLogprobs(String offsets, String probabilities, String tokens) {
        return ",\"logprobs\":{\"text_offset\":[" + offsets + "],\"token_logprobs\":[" + probabilities
                + "],\"tokens\":[" + tokens + "],\"top_logprobs\":null},\"token_ids\":[" + offsets + "]";
    }

    @Test
    void theLastRunningTotalStays() {
        assertThat(Merged.whole(counted("a", 1), counted("b", 2), counted("c", 4)))
                .containsExactly(counted("abc", 4));
    }

    private static String counted(String text, int tokens) {
        return "data: " + HEAD + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"}}],\"usage\":{\"completion_tokens\":" + tokens + ",\"details\":{\"x\":[1]}}}\n\n";
    }

    @Test
    void paddingIsNotAddedUp() {
        assertThat(Merged.whole(padded("a", "xyz"), padded("b", "q"))).containsExactly(padded("ab", "xyz"));
    }

    private static String padded(String text, String padding) {
        return "data: " + HEAD + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"}}],\"obfuscation\":\"" + padding + "\"}\n\n";
    }

    @Test
    void eachChoiceGetsAChunkOfItsOwn() {
        assertThat(Merged.whole(
                        chunk(0, "\"content\":\"a\"", ""),
                        chunk(1, "\"content\":\"x\"", ""),
                        chunk(0, "\"content\":\"b\"", ""),
                        chunk(1, "\"content\":\"y\"", "")))
                .containsExactly(chunk(0, "\"content\":\"ab\"", ""), chunk(1, "\"content\":\"xy\"", ""));
    }

    @Test
    void manyChoicesTakeTurns() {
        String[] events = new String[40];
        for (int i = 0; i < events.length; i++) {
            events[i] = chunk(i % 20, "\"content\":\"" + i + "\"", "");
        }
        assertThat(Merged.whole(events)).containsExactly(events);
    }

    @Test
    void theOrderOfKindsStays() {
        List<String> events = List.of(
                delta("\"content\":\"\",\"reasoning\":\"r\""),
                delta("\"content\":\"c\",\"reasoning\":\"\""),
                delta("\"content\":\"\",\"reasoning\":\"s\""),
                delta("\"content\":\"d\",\"reasoning\":\"t\""),
                delta("\"content\":\"e\",\"reasoning\":\"\""));
        assertThat(Merged.whole(events.toArray(String[]::new))).isEqualTo(events);
    }

    @Test
    void anEmptyTextOfAnotherKindIsNoChangeOfKind() {
        assertThat(Merged.whole(
                        delta("\"content\":\"\",\"reasoning\":\"\""),
                        delta("\"content\":\"c\",\"reasoning\":\"\""),
                        delta("\"content\":\"d\",\"reasoning\":\"\"")))
                .containsExactly(delta("\"content\":\"cd\",\"reasoning\":\"\""));
    }

    private static Stream<String> notJoined() {
        return Stream.of(
                ": comment\n\n",
                "data: [DONE]\n\n",
                "event: x\n" + content("b"),
                "id: 1\n" + content("b"),
                "data: {\"error\":{\"message\":\"m\",\"code\":500}}\n\n",
                "event: error\ndata: {\"type\":\"error\"}\n\n",
                "data: " + HEAD + "\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n",
                chunk(0, "\"content\":\"b\"", ",\"finish_reason\":\"stop\""),
                chunk(0, "\"content\":\"b\"", ",\"stop_reason\":42"),
                chunk(0, "\"content\":\"b\"", ",\"prompt_token_ids\":[1]"),
                delta("\"content\":\"b\",\"mystery\":\"1\""),
                delta("\"content\":\"b\",\"content\":\"c\""),
                delta("\"cont\\u0065nt\":\"b\""),
                delta("\"content\":[{\"type\":\"text\"}]"),
                delta("\"content\":7"),
                delta("\"content\":null"),
                delta(""),
                delta("\"content\":\"b\",\"reasoning\":\"c\""),
                delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\"}},{\"index\":1}]"),
                delta("\"tool_calls\":[{\"index\":0,\"id\":\"i\",\"function\":{\"arguments\":\"\"}}]"),
                delta("\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]"),
                content("b").replace("\"id\":\"c\"", "\"id\":\"d\""),
                content("b").replace("\"model\":\"m\"", "\"model\":\"n\""),
                content("b").replace("\"created\":1", "\"created\":2"),
                content("b").replace("\"created\":1", "\"created\":1,\"system_fingerprint\":\"f\""),
                content("b").replace("chat.completion.chunk", "chat.completion"),
                content("b").replace(",\"object\":\"chat.completion.chunk\"", ""),
                content("b").replace("\"index\":0,", ""),
                content("b").replace("\"index\":0,", "\"index\":-1,"),
                content("b").replace("\"index\":0,", "\"index\":0.5,"),
                content("b").replace("}]}", "},{\"index\":1}]}"),
                content("b").replace("}]}", "}]} "),
                content("b").replace("}]}", "}]"),
                content("b").replace("\"delta\":", "\"delta\"\t:"),
                content("b").replace("\"choices\"", "\ndata: \"choices\""),
                content("b\nc"),
                content("b").replace("\n\n", "\r\n\r\n"),
                content("b").replace("data: ", "data:  "),
                content("b").replace("data: ", "\ufeffdata: "),
                "data: {\"type\":\"response.output_text.delta\",\"delta\":\"b\"}\n\n",
                "\n\n",
                "data: {}\n\n",
                "data: null\n\n",
                "data:");
    }

    @ParameterizedTest
    @MethodSource("notJoined")
    void whatIsNotUnderstoodIsPassedOn(String event) {
        assertThat(String.join("", Merged.whole(content("a"), content("a"), event, content("z"), content("z"))))
                .isEqualTo(content("aa") + latin1(event) + content("zz"));
    }

    private static String latin1(String text) {
        return text.replace('\ufeff', '?');
    }

    @Test
    void eventsOfOtherApisArePassedOn() {
        String[] messages = {
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n",
            "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"b\"}}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"sequence_number\":4,\"delta\":\"a\"}\n\n",
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                    + "\"sequence_number\":5,\"delta\":\"b\"}\n\n"
        };
        assertThat(Merged.whole(messages)).containsExactly(messages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISH", "USAGE", "ERROR", "DONE", "COMMENT", "TOOL_CALL_START", "STRUCTURE", "LARGE"})
    void onlyContentIsLookedAt(EventClass what) {
        ChunkMerger merger = new ChunkMerger();
        ByteBuf out = Unpooled.buffer();
        ByteBuf event = Unpooled.copiedBuffer(content("a"), StandardCharsets.ISO_8859_1);
        merger.add(event, 0, event.readableBytes(), EventClass.CONTENT, out);
        assertThat(merger.keptBytes()).isEqualTo(event.readableBytes());
        assertThat(out.isReadable()).isFalse();
        merger.add(event, 0, event.readableBytes(), what, out);
        assertThat(merger.keptBytes()).isZero();
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(content("a") + content("a"));
        merger.add(event, 0, event.readableBytes(), EventClass.EMPTY, out);
        merger.release();
        assertThat(merger.keptBytes()).isZero();
    }
}
