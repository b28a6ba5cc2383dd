package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedFieldsTest {

    private static final BodyFields FIELDS = BodyFields.of(List.of("user"));
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                // first, middle, last, only
                "{\"priority\":1,\"model\":\"m\"}|{\"model\":\"m\"}",
                "{\"model\":\"m\",\"priority\":1,\"n\":1}|{\"model\":\"m\",\"n\":1}",
                "{\"model\":\"m\",\"priority\":1}|{\"model\":\"m\"}",
                "{\"priority\":1}|{}",
                // white space stays where it was
                "{ \"priority\" : 1 , \"model\":\"m\" }|{  \"model\":\"m\" }",
                "{ \"model\":\"m\" , \"priority\" : 1 }|{ \"model\":\"m\"  }",
                "{ \"priority\" : 1 }|{  }",
                // several: next to each other, all of them, duplicates
                "{\"priority\":1,\"bootstrap_host\":\"h\",\"a\":1}|{\"a\":1}",
                "{\"a\":1,\"priority\":1,\"bootstrap_host\":\"h\"}|{\"a\":1}",
                "{\"a\":1,\"priority\":1,\"b\":2,\"bootstrap_room\":3,\"c\":4}|{\"a\":1,\"b\":2,\"c\":4}",
                "{\"priority\":1,\"priority\":2}|{}",
                "{\"priority\":1,\"a\":0,\"priority\":2}|{\"a\":0}",
                // nested ones are the client's own
                "{\"a\":{\"priority\":1},\"messages\":[{\"priority\":1}]}|{\"a\":{\"priority\":1},\"messages\":[{\"priority\":1}]}",
                // values of every kind, with what looks like JSON inside
                "{\"kv_transfer_params\":{\"remote_host\":\"h,}\",\"x\":[1,{}]},\"a\":1}|{\"a\":1}",
                "{\"a\":1,\"prompt_token_ids\":[1,2,3]}|{\"a\":1}",
                "{\"a\":1,\"priority\":\"\\\"},\"}|{\"a\":1}",
                // a name with escapes is the same name
                "{\"pri\\u006frity\":1,\"a\":1}|{\"a\":1}",
                // not these
                "{\"Priority\":1,\"priority \":2,\"bootstrap\":3,\"service_tier\":\"priority\"}|{\"Priority\":1,\"priority \":2,\"bootstrap\":3,\"service_tier\":\"priority\"}",
            })
    void areCutOutWithTheirComma(String body, String left) throws Exception {
        assertThat(withoutGuarded(body)).isEqualTo(left);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kv_transfer_params",
                "ec_transfer_params",
                "bootstrap_host",
                "bootstrap_port",
                "bootstrap_room",
                "bootstrap_pair_key",
                "priority",
                "prompt_token_ids",
                "data_parallel_rank",
                "routed_dp_rank",
                "disagg_prefill_dp_rank"
            })
    void areThese(String name) throws Exception {
        assertThat(withoutGuarded("{\"" + name + "\":1}")).isEqualTo("{}");
    }

    @Test
    void areCutOutOfABodyInPieces() throws Exception {
        String body = "{\"a\":1, \"priority\": {\"x\":[\"\\\\\"]} ,\"b\":2}";
        for (int at = 1; at < body.length(); at++) {
            ByteBuf pieces = Unpooled.wrappedBuffer(
                    Unpooled.copiedBuffer(body.substring(0, at), UTF_8),
                    Unpooled.copiedBuffer(body.substring(at), UTF_8));
            assertThat(cut(body, InferenceRequest.ofJson(pieces, FIELDS).guarded()))
                    .isEqualTo("{\"a\":1 ,\"b\":2}");
        }
    }

    @Test
    void leaveEveryRandomObjectAsItIsWithoutThem() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            String body = randomObject(random);
            JsonNode expected = JSON.readTree(body);
            List.copyOf(fieldNames(expected)).stream()
                    .filter(name -> NotedField.find(NotedField.lookedFor(false), name) != null)
                    .forEach(name -> ((ObjectNode) expected).remove(name));
            assertThat(JSON.readTree(withoutGuarded(body))).as(body).isEqualTo(expected);
        }
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String randomObject(Random random) {
        List<String> names = List.of("priority", "bootstrap_host", "model", "a", "kv_transfer_params", "user");
        List<String> values = List.of("1", "\"s\\\"\"", "{\"priority\":[1,{}]}", "[]", "{}", "null", "\"a,}\"");
        StringBuilder body = new StringBuilder("{");
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",").append(" ".repeat(random.nextInt(2)));
            body.append('"').append(names.get(random.nextInt(names.size()))).append('"');
            body.append(" ".repeat(random.nextInt(2))).append(':');
            body.append(values.get(random.nextInt(values.size()))).append("\n".repeat(random.nextInt(2)));
        }
        return body.append('}').toString();
    }

    private static String withoutGuarded(String body) throws Exception {
        ByteBuf bytes = Unpooled.copiedBuffer(body, UTF_8);
        return cut(body, InferenceRequest.ofJson(bytes, FIELDS).guarded());
    }

    private static String cut(String body, List<BodySplice> splices) {
        StringBuilder left = new StringBuilder();
        int from = 0;
        for (BodySplice splice : splices) {
            assertThat(splice.start()).isGreaterThanOrEqualTo(from);
            assertThat(splice.replacement()).isEmpty();
            left.append(body, from, splice.start());
            from = splice.end();
        }
        return left.append(body.substring(from)).toString();
    }
}
