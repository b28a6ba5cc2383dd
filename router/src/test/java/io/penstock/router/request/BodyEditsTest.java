package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyEditsTest {

    private static final BodyFields FIELDS = BodyFields.of(List.of(), true);
    private static final Set<FieldGroup> LENGTH = Set.of(FieldGroup.LENGTH);

    private static InferenceRequest read(String body) throws ProxyFailure {
        return InferenceRequest.ofJson(Unpooled.copiedBuffer(body, UTF_8), FIELDS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | {\"x\":1}",
                "{ } | {\"x\":1 }",
                "{\"a\":2} | {\"x\":1,\"a\":2}",
                "{\"n\":2} | {\"x\":1}",
                "{\"n\":2,\"a\":3} | {\"x\":1,\"a\":3}",
                "{\"a\":3 , \"stream\":true} | {\"x\":1,\"a\":3 }",
                "{\"n\":2,\"max_tokens\":3,\"n\":4} | {\"x\":1}",
                "{\"a\":1,\"n\":2,\"b\":{\"n\":5},\"min_tokens\":3} | {\"x\":1,\"a\":1,\"b\":{\"n\":5}}",
                "{\"\\u006e\":2,\"a\":3} | {\"x\":1,\"a\":3}"
            })
    void fieldsTakeThePlaceOfThoseThatAreCutOut(String body, String expected) throws ProxyFailure {
        InferenceRequest request = read(body);
        List<BodySplice> splices = new ArrayList<>();
        splices.add(request.put("\"x\":1", LENGTH));
        splices.addAll(request.cuts(LENGTH));
        assertThat(spliced(body, splices)).isEqualTo(expected);
    }

    private static String spliced(String body, List<BodySplice> splices) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (BodySplice splice : splices) {
            assertThat(splice.start()).isGreaterThanOrEqualTo(from);
            text.append(body, from, splice.start()).append(new String(splice.replacement(), UTF_8));
            from = splice.end();
        }
        return text.append(body.substring(from)).toString();
    }

    @Test
    void lengthsAreNotNotedWhereNobodyChangesThem() throws ProxyFailure {
        var plain = BodyFields.of(List.of());
        InferenceRequest request =
                InferenceRequest.ofJson(Unpooled.copiedBuffer("{\"n\":2,\"max_tokens\":3}", UTF_8), plain);
        assertThat(request.cuts(LENGTH)).isEmpty();
    }

    @Test
    void maxCompletionTokensIsSeen() throws ProxyFailure {
        assertThat(read("{\"max_completion_tokens\":3}").hasMaxCompletionTokens())
                .isTrue();
        assertThat(read("{\"max_tokens\":3}").hasMaxCompletionTokens()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"text\" | 1",
                "[\"a\"] | 1",
                "[\"a\", \"b,\\\"]\" ,\"c\"] | 3",
                "[1, 2, 3] | 1",
                "[[1,2],[3],[ ]] | 3",
                "[] | 1",
                "{\"a\":[1]} | 1",
                "null | 1"
            })
    void promptsAreCounted(String prompt, int count) throws ProxyFailure {
        assertThat(read("{\"prompt\":" + prompt + "}").prompts()).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{\"a\":1,\"kv_transfer_params\":{ \"x\":[1.50, {}]}} | { \"x\":[1.50, {}]} | false",
                "{\"kv_transfer_params\":null} | - | false",
                "{\"kv_transfer_params\":[1]} | - | false",
                "{\"choices\":[{\"kv_transfer_params\":{}}]} | - | false",
                "{\"error\":{\"message\":\"x\"}} | - | true",
                "{\"object\":\"error\"} | - | true",
                "{\"object\":\"chat.completion\",\"error\":null} | - | false"
            })
    void whatAPrefillAnsweredIsFound(String body, String params, boolean error) throws ProxyFailure {
        assertThat(AnswerFields.of(body.getBytes(UTF_8))).isEqualTo(new AnswerFields(params, error));
    }
}
