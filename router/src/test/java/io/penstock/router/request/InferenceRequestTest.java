package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InferenceRequestTest {

    private static final BodyFields FIELDS = BodyFields.of(List.of("prompt_cache_key", "user", "metadata.session_id"));
    private static final int USER = FIELDS.slot("user");
    private static final int NESTED = FIELDS.slot("metadata.session_id");

    private static InferenceRequest read(String json) throws ProxyFailure {
        return InferenceRequest.ofJson(Unpooled.copiedBuffer(json, UTF_8), FIELDS);
    }

    @Test
    void findsModelStreamSessionAndPrompt() throws ProxyFailure {
        String json = """
                {"temperature": 1e-3, "messages": [{"role":"user","content":"a \\" } ] b"}], "model" : "qwen",
                 "stream":true, "user":"u1", "metadata": {"other":{"session_id":"no"}, "session_id": "s1"}}
                """;

        InferenceRequest request = read(json);

        assertThat(request.model()).isEqualTo("qwen");
        assertThat(request.stream()).isTrue();
        assertThat(request.session(USER)).isEqualTo("u1");
        assertThat(request.session(NESTED)).isEqualTo("s1");
        assertThat(request.session(FIELDS.slot("prompt_cache_key"))).isNull();
        ByteRange prompt = Objects.requireNonNull(request.prompt());
        assertThat(json.substring(prompt.start(), prompt.end()))
                .isEqualTo("[{\"role\":\"user\",\"content\":\"a \\\" } ] b\"}]");
    }

    @Test
    void theLastOfDuplicateKeysWins() throws ProxyFailure {
        assertThat(read("{\"model\":\"a\",\"model\":\"b\"}").model()).isEqualTo("b");
        assertThat(read("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}").model()).isEqualTo("b");
        assertThat(read("{\"stream\":true,\"stream\":false}").stream()).isFalse();
        assertThat(read("{\"model\":\"a\",\"model\":null}").model()).isNull();
    }

    @Test
    void aLaterObjectForgetsWhatAnEarlierOneHeld() throws ProxyFailure {
        assertThat(read("{\"metadata\":{\"session_id\":\"a\"},\"metadata\":{}}").session(NESTED))
                .isNull();
        assertThat(read("{\"metadata\":{\"session_id\":\"a\"},\"metadata\":7}").session(NESTED))
                .isNull();
        assertThat(read("{\"metadata\":7,\"metadata\":{\"session_id\":\"a\"}}").session(NESTED))
                .isEqualTo("a");
    }

    @Test
    void keysMatchByTextAndCase() throws ProxyFailure {
        assertThat(read("{\"MODEL\":\"a\",\"model2\":\"b\",\"mode\":\"c\"}").model())
                .isNull();
        assertThat(read("{\"\\u006dodel\":\"a\"}").model()).isEqualTo("a");
        assertThat(read("{\"x\":{\"model\":\"inner\"},\"y\":[{\"model\":\"inner\"}]}")
                        .model())
                .isNull();
    }

    @Test
    void escapesInValuesAreDecoded() throws ProxyFailure {
        assertThat(read("{\"model\":\"q\\u0077en\\/7b \\\"x\\\" ü \\ud83d\\ude00\"}")
                        .model())
                .isEqualTo("qwen/7b \"x\" ü \ud83d\ude00");
    }

    @Test
    void valuesThatAreNoTextAreNoModelAndNoSession() throws ProxyFailure {
        assertThat(read("{\"model\":7}").model()).isNull();
        assertThat(read("{\"model\":{\"a\":1}}").model()).isNull();
        assertThat(read("{\"user\":null}").session(USER)).isNull();
        assertThat(read("{\"user\":\"\"}").session(USER)).isNull();
        assertThat(read("{\"user\":[1]}").session(USER)).isNull();
        assertThat(read("{\"user\":12345678901234567890}").session(USER)).isEqualTo("12345678901234567890");
        assertThat(read("{\"user\":\"" + "x".repeat(InferenceRequest.MAX_SESSION_BYTES) + "\"}")
                        .session(USER))
                .isNull();
    }

    @Test
    void anEndlessModelNameIsRefused() {
        assertThatThrownBy(() -> read("{\"model\":\"" + "x".repeat(InferenceRequest.MAX_MODEL_BYTES) + "\"}"))
                .isInstanceOf(ProxyFailure.class)
                .hasMessageContaining("longer than");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "7",
                "\"x\"",
                "nul",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":[1,2}",
                "{\"a\":{\"b\":1]}",
                "{\"a\":[",
                "{\"a\":\"x}",
                "{\"a\":\"x\\",
                "{\"a\":\"x\\\"}",
                "{\"a\":1 \"b\":2}",
                "{,}",
                "{\"a\":]}",
                "{\"mod\\u00zzl\":1}",
                "{\"model\":\"\\u00zz\"}",
                "\u00ff{}",
                "{\"a\":1}\u0000"
            })
    void brokenStructureIsABadRequestWithItsPosition(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        ProxyFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BAD_REQUEST))
                .hasMessageContaining("at byte ");
    }

    @Test
    void thePositionIsThatOfTheFault() {
        assertThatThrownBy(() -> read("{\"model\":\"a\", oops}")).hasMessageContaining("at byte 14");
    }

    @Test
    void depthIsLimited() throws ProxyFailure {
        int most = JsonScan.MAX_DEPTH - 1;
        assertThat(read("{\"a\":" + "[".repeat(most) + "]".repeat(most) + ",\"model\":\"m\"}")
                        .model())
                .isEqualTo("m");
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(most + 1) + "]".repeat(most + 1) + "}"))
                .hasMessageContaining("nested deeper");
    }

    @Test
    void aByteOrderMarkIsSkippedAsPythonDoes() throws ProxyFailure {
        assertThat(read("\ufeff {\"model\":\"m\"}").model()).isEqualTo("m");
    }

    @Test
    void everySplitOfTheBufferGivesTheSameAnswer() throws ProxyFailure {
        byte[] json = "{\"k\":[\"]\\\\\",{}],\"metadata\":{\"session_id\":\"s\\n\"},\"mod\\u0065l\":\"qwen\"}"
                .getBytes(UTF_8);
        for (int split = 0; split <= json.length; split++) {
            CompositeByteBuf body = Unpooled.compositeBuffer()
                    .addComponent(true, Unpooled.copiedBuffer(json, 0, split))
                    .addComponent(true, Unpooled.directBuffer().writeBytes(json, split, json.length - split));
            InferenceRequest request = InferenceRequest.ofJson(body, FIELDS);
            assertThat(request.model()).isEqualTo("qwen");
            assertThat(request.session(NESTED)).isEqualTo("s\n");
            body.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"16370,0", "16376,3", "16384,7", "16390,1", "100000,5"})
    void tokensMayLieAcrossWindows(int filler, int skipped) throws ProxyFailure {
        for (int more = 0; more < 40; more++) {
            String json = "{\"a\":\"" + "\\\\".repeat(4) + "x".repeat(filler + more)
                    + "\",\"user\":\"u\\t1\",\"model\":\"qwen\"}";
            ByteBuf body = Unpooled.directBuffer().writeZero(skipped).skipBytes(skipped);
            body.writeCharSequence(json, UTF_8);

            InferenceRequest request = InferenceRequest.ofJson(body, FIELDS);

            assertThat(request.model()).isEqualTo("qwen");
            assertThat(request.session(USER)).isEqualTo("u\t1");
            assertThat(renamed(body, request, "m")).isEqualTo(json.replace("qwen", "m"));
            body.release();
        }
    }

    @Test
    void renamingReplacesTheNameAndNothingElse() throws ProxyFailure {
        String json = "{ \"model\" :\t\"q\\u0077en\" , \"x\":1.50, \"model2\":\"qwen\"}";
        ByteBuf body = Unpooled.copiedBuffer(json, UTF_8);

        assertThat(renamed(body, read(json), "a\"b"))
                .isEqualTo("{ \"model\" :\t\"a\\\"b\" , \"x\":1.50, \"model2\":\"qwen\"}");
    }

    @Test
    void ofDuplicatesTheOneThatCountsIsRenamed() throws ProxyFailure {
        String json = "{\"model\":\"a\",\"model\":\"b\"}";

        assertThat(renamed(Unpooled.copiedBuffer(json, UTF_8), read(json), "c"))
                .isEqualTo("{\"model\":\"a\",\"model\":\"c\"}");
    }

    @Test
    void nothingIsRenamedWhereNoModelIsNamed() throws ProxyFailure {
        assertThat(read("{\"model\":7}").rename(new ModelName("x"))).isNull();
        assertThat(InferenceRequest.opaque().rename(new ModelName("x"))).isNull();
    }

    @Test
    void theTextFormShowsNoContent() throws ProxyFailure {
        assertThat(read("{\"model\":\"m\",\"messages\":\"secret\",\"user\":\"me\"}")
                        .toString())
                .doesNotContain("secret")
                .doesNotContain("me]");
    }

    static String renamed(ByteBuf body, InferenceRequest request, String name) {
        BodySplice splice = Objects.requireNonNull(request.rename(new ModelName(name)));
        int origin = body.readerIndex();
        return body.toString(origin, splice.start(), UTF_8)
                + new String(splice.replacement(), UTF_8)
                + body.toString(origin + splice.end(), body.readableBytes() - splice.end(), UTF_8);
    }
}
