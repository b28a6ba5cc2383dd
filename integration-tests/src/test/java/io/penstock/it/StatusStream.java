package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A watcher of the status page, without the page. Threading: the test's thread. */
final class StatusStream implements AutoCloseable {

    private static final String END = "\n\n";

    private final RawClient client;

    private StatusStream(RawClient client) {
        this.client = client;
    }

    static StatusStream of(RouterUnderTest router) throws IOException {
        RawClient client = router.adminClient().get("/status/events");
        WireHead head = client.readHead();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.value("content-type")).isEqualTo("text/event-stream");
        StatusStream stream = new StatusStream(client);
        assertThat(stream.read()).isEqualTo("retry: 2000\n\n");
        return stream;
    }

    private String read() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < END.length()
                || !text.substring(text.length() - END.length()).equals(END)) {
            text.append(new String(client.readExactly(1), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /** The next snapshot, waited for. */
    JsonNode next() throws IOException {
        String event = read();
        assertThat(event).startsWith("data: ");
        return OpenAiErrors.parse(event.substring("data: ".length()));
    }

    /** The first of the next snapshots in which a field has a value. */
    JsonNode awaitField(String pointer, String value) throws IOException {
        for (int i = 0; i < 20; i++) {
            JsonNode status = next();
            if (status.at(pointer).asText().equals(value)) {
                return status;
            }
        }
        throw new AssertionError(pointer + " did not become " + value);
    }

    /** True once the router has closed it. */
    boolean isClosedByRouter() throws IOException {
        return client.isClosedByRouter();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
