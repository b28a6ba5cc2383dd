package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.router.simulate.SimulatedText;
import java.nio.charset.StandardCharsets;

/**
 * A request's body, kept ready so that sending costs little, and the answer it must get. Threading: immutable.
 *
 * @param body the body, not to be released
 * @param expected the answer
 */
record PreparedRequest(ByteBuf body, ExpectedAnswer expected) {

    static PreparedRequest of(String json, ExpectedAnswer expected) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        ByteBuf body = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        return new PreparedRequest(Unpooled.unreleasableBuffer(body), expected);
    }

    /** The head and the body as one HTTP/1.1 request needs them in front of {@link #body()}. */
    String head(String requestId, int session) {
        return "POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-session-id: s"
                + session + "\r\nx-request-id: " + requestId + "\r\ncontent-length: " + body.readableBytes()
                + "\r\n\r\n";
    }

    /** A prompt of about {@code length} bytes, another one for each {@code variant}; words that need no escapes. */
    static String prompt(int variant, int length) {
        SimulatedText words = SimulatedText.of(variant, "benchmark").plain();
        StringBuilder prompt = new StringBuilder(length + 16);
        for (int i = 0; prompt.length() < length; i++) {
            prompt.append(words.token(i));
        }
        return prompt.toString();
    }

    /** The body of a chat with that prompt. */
    static String json(String prompt, Scenario.Shape shape) {
        return "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}],\"stream\":"
                + shape.stream() + ",\"ignore_eos\":true,\"max_tokens\":" + shape.tokens() + "}";
    }
}
