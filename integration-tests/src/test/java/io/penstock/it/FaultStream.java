package io.penstock.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import io.penstock.router.simulate.SimulatedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a fault run, from its request to its end, compared with the text that its prompt fixes. Threading: the thread
 * that runs it; it blocks.
 */
final class FaultStream {

    static final int TOKENS = 24;

    /** How a stream ended. The last two must not happen. */
    enum End {
        COMPLETE,
        REFUSED,
        ERROR_EVENT,
        CUT,
        WRONG_BYTES,
        DISHONEST
    }

    /**
     * @param end how
     * @param detail what a person wants to know of a violation
     */
    record Outcome(End end, String detail) {}

    private final String expected;
    private final String prompt;
    private final StringBuilder text = new StringBuilder();
    private String rest = "";
    private boolean done;
    private boolean failed;

    FaultStream(int number) {
        prompt = "stream " + number;
        expected = SimulatedText.of(0, prompt).answer(TOKENS, 64);
    }

    /** Runs it on a connection of its own. */
    Outcome run(int port) {
        try (RawClient client = RawClient.connect(port)) {
            client.post(
                    "/v1/completions",
                    "{\"model\":\"sim\",\"stream\":true,\"max_tokens\":" + TOKENS + ",\"prompt\":\"" + prompt + "\"}");
            WireHead head = client.readHead();
            return head.status() == 200 ? stream(client) : refused(client.readBody(head), head);
        } catch (IOException | RuntimeException e) {
            return new Outcome(End.DISHONEST, prompt + ": " + e);
        }
    }

    private static Outcome refused(byte[] body, WireHead head) {
        JsonNode error =
                OpenAiErrors.parse(new String(body, StandardCharsets.UTF_8)).path("error");
        boolean honest = head.status() >= 429 && error.path("message").isTextual();
        return new Outcome(honest ? End.REFUSED : End.DISHONEST, head.startLine() + " " + error);
    }

    private Outcome stream(RawClient client) {
        IOException cut = null;
        try {
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                take(new String(chunk, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            cut = e;
        }
        return judge(cut);
    }

    private void take(String chunk) {
        rest += chunk;
        for (int end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.substring(end + 2)) {
            event(rest.substring(0, end));
        }
    }

    private void event(String bytes) {
        String event = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        String data = event.substring(event.indexOf("data: ") + 6);
        if (data.equals("[DONE]")) {
            done = true;
            return;
        }
        JsonNode json = OpenAiErrors.parse(data);
        failed |= json.has("error");
        text.append(json.path("choices").path(0).path("text").asText());
    }

    private Outcome judge(@Nullable IOException cut) {
        String got = prompt + ": got '" + text + "', expected '" + expected + "', cut by " + cut;
        boolean timedOut = cut != null && String.valueOf(cut.getMessage()).contains("timed out");
        if (!expected.startsWith(text.toString())) {
            return new Outcome(End.WRONG_BYTES, got);
        }
        if (cut == null && done && !failed) {
            return new Outcome(expected.contentEquals(text) && rest.isEmpty() ? End.COMPLETE : End.WRONG_BYTES, got);
        }
        if (timedOut || (cut == null && !failed) || (cut != null && done)) {
            return new Outcome(End.DISHONEST, got);
        }
        return new Outcome(failed ? End.ERROR_EVENT : End.CUT, got);
    }
}
