package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.failure.ProxyFailure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The scan against Jackson, on documents nobody would write by hand. Seeds are fixed and named in each failure. */
final class JsonScanPropertyTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String[] KEYS = {
        "model",
        "mod\\u0065l",
        "stream",
        "user",
        "metadata",
        "session_id",
        "messages",
        "prompt",
        "MODEL",
        "",
        "é",
        "\\\"",
        "a very long key that is none of those looked for"
    };
    private static final String[] STRINGS = {
        "", "qwen", "a\\\"b", "\\\\", "\\u0041\\ud83d\\ude00", "}{][,:", "ü€\ud83d\ude00", "\\n\\t\\/", "y_Y", "true"
    };
    private static final String[] SCALARS = {"0", "-1.5e+10", "true", "false", "null", "12345678901234567890"};
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t \r\n"};
    private static final BodyFields FIELDS = BodyFields.of(List.of("user", "metadata.session_id"));

    private final StringBuilder text = new StringBuilder();

    @Test
    void agreesWithJacksonOnValidDocuments() throws IOException, ProxyFailure {
        for (int seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            byte[] document = document(random);
            JsonNode expected = JSON.readTree(document);

            assertAgreement(seed, expected, scan(split(document, random)));
        }
    }

    @Test
    void agreesWithJacksonOnWhateverJacksonAcceptsOfBrokenOnes() {
        int accepted = 0;
        int refused = 0;
        for (int seed = 0; seed < 20000; seed++) {
            Random random = new Random(seed);
            byte[] document = broken(document(random), random);
            JsonNode expected = accepted(document);
            try {
                InferenceRequest request = scan(split(document, random));
                if (expected != null && expected.isObject()) {
                    accepted++;
                    assertAgreement(seed, expected, request);
                }
            } catch (ProxyFailure failure) {
                refused++;
                assertThat(expected == null || !expected.isObject())
                        .as("seed %d: Jackson accepts what the scan refuses: %s", seed, failure.message())
                        .isTrue();
            }
        }
        assertThat(accepted).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
    }

    private static void assertAgreement(int seed, JsonNode expected, InferenceRequest actual) {
        String model =
                expected.path("model").isTextual() ? expected.path("model").asText() : null;
        assertThat(actual.model()).as("model, seed %d", seed).isEqualTo(model);
        assertThat(actual.stream())
                .as("stream, seed %d", seed)
                .isEqualTo(expected.path("stream").isBoolean()
                        && expected.path("stream").asBoolean());
        assertSession(seed, expected.path("user"), actual.session(FIELDS.slot("user")));
        assertSession(
                seed, expected.path("metadata").path("session_id"), actual.session(FIELDS.slot("metadata.session_id")));
    }

    private static void assertSession(int seed, JsonNode expected, @Nullable String actual) {
        if (expected.isNumber()) {
            // a tree does not keep a number as it was written
            assertThat(new BigDecimal(String.valueOf(actual)))
                    .as("session, seed %d", seed)
                    .isEqualByComparingTo(expected.decimalValue());
            return;
        }
        boolean none = !expected.isValueNode()
                || expected.isNull()
                || expected.asText().isEmpty();
        assertThat(actual).as("session, seed %d", seed).isEqualTo(none ? null : expected.asText());
    }

    private static InferenceRequest scan(ByteBuf body) throws ProxyFailure {
        try {
            return InferenceRequest.ofJson(body, FIELDS);
        } finally {
            body.release();
        }
    }

    private static @Nullable JsonNode accepted(byte[] document) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
            return JSON.readTree(text);
        } catch (JsonProcessingException | CharacterCodingException e) {
            return null;
        }
    }

    private static ByteBuf split(byte[] document, Random random) {
        if (random.nextBoolean()) {
            return Unpooled.wrappedBuffer(document);
        }
        CompositeByteBuf body = Unpooled.compositeBuffer(64);
        int at = 0;
        while (at < document.length) {
            int size = Math.min(document.length - at, 1 + random.nextInt(document.length));
            ByteBuf part = random.nextBoolean() ? Unpooled.directBuffer(size) : Unpooled.buffer(size);
            body.addComponent(true, part.writeBytes(document, at, size));
            at += size;
        }
        return body;
    }

    private static byte[] broken(byte[] document, Random random) {
        byte[] broken = document.clone();
        byte[] splinters = "{}[]\",:\\ 7x".getBytes(UTF_8);
        for (int faults = 1 + random.nextInt(2); faults > 0; faults--) {
            broken[random.nextInt(broken.length)] = splinters[random.nextInt(splinters.length)];
        }
        return broken;
    }

    private byte[] document(Random random) {
        text.setLength(0);
        space(random);
        object(random, 0);
        space(random);
        return text.toString().getBytes(UTF_8);
    }

    private void value(Random random, int depth) {
        space(random);
        switch (depth > 4 ? random.nextInt(2) : random.nextInt(5)) {
            case 0 -> text.append('"').append(any(STRINGS, random)).append('"');
            case 1 -> text.append(any(SCALARS, random));
            case 2 -> array(random, depth + 1);
            case 3 -> text.append('"').append("x".repeat(random.nextInt(40))).append('"');
            default -> object(random, depth + 1);
        }
        space(random);
    }

    private void array(Random random, int depth) {
        text.append('[');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",");
            value(random, depth);
        }
        text.append(size == 0 ? any(SPACES, random) : "").append(']');
    }

    private void object(Random random, int depth) {
        text.append('{');
        space(random);
        int size = random.nextInt(7);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",");
            space(random);
            text.append('"').append(any(KEYS, random)).append('"');
            space(random);
            text.append(':');
            value(random, depth);
        }
        text.append('}');
    }

    private void space(Random random) {
        text.append(any(SPACES, random));
    }

    private static String any(String[] of, Random random) {
        return Objects.requireNonNull(of[random.nextInt(of.length)]);
    }
}
