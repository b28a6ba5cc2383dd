package io.penstock.it;

import io.penstock.router.simulate.EngineProtocol;
import java.util.stream.Stream;

/**
 * What tests of failures are repeated with. Threading: immutable.
 *
 * @param engine the protocol the engines speak
 * @param chats whether it is a chat or a completion
 * @param stream whether its answer is a stream
 */
record KindOfRequest(EngineKind engine, boolean chats, boolean stream) {

    /** Kinds in which every pair of two properties is found. */
    static Stream<KindOfRequest> some() {
        return Stream.of(
                new KindOfRequest(EngineKind.HTTP1, true, true),
                new KindOfRequest(EngineKind.HTTP1, false, false),
                new KindOfRequest(EngineKind.H2C, true, false),
                new KindOfRequest(EngineKind.H2C, false, true));
    }

    EngineProtocol protocol() {
        return engine == EngineKind.H2C ? EngineProtocol.H2C : EngineProtocol.HTTP1;
    }

    /** The same with a stream. */
    KindOfRequest streamed() {
        return new KindOfRequest(engine, chats, true);
    }

    /** The key of a pool of such engines. */
    String poolProtocol() {
        return "protocol: " + (engine == EngineKind.H2C ? "h2c" : "http1");
    }

    String path() {
        return chats ? "/v1/chat/completions" : "/v1/completions";
    }

    /** A request for so many tokens. */
    String body(int tokens) {
        String more = ",\"stream\":" + stream;
        return chats ? PrefillDecodeStand.chat(tokens, more) : PrefillDecodeStand.completion(tokens, more);
    }

    /** What the engines answer to it. */
    String answer(int tokens) {
        return chats ? PrefillDecodeStand.chatAnswer(tokens) : PrefillDecodeStand.completionAnswer(tokens);
    }
}
