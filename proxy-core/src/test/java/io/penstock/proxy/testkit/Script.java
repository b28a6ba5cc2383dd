package io.penstock.proxy.testkit;

/**
 * What a scripted engine does with one request. Threading: runs on a thread of its own and may block.
 *
 * @param <T> the kind of turn it needs
 */
@FunctionalInterface
public interface Script<T extends Turn> {

    /** Answers one request, or fails to. */
    void play(T turn) throws Exception;

    /** Reads the request and answers with JSON. */
    static Script<Turn> json(int status, String body) {
        return turn -> {
            turn.request();
            turn.respond(status, "content-type: application/json").data(body).end();
        };
    }

    /** Reads the request and answers with an event stream, ended by {@code [DONE]}. */
    static Script<Turn> events(String... payloads) {
        return turn -> {
            turn.request();
            turn.eventStream();
            for (String payload : payloads) {
                turn.event(payload);
            }
            turn.event("[DONE]").end();
        };
    }
}
