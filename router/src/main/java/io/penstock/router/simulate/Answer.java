package io.penstock.router.simulate;

import io.penstock.proxy.runtime.LoopConfined;

/**
 * Gives tokens the form of one API on the wire. Nothing is flushed but the head. Threading: loop-confined. Called in
 * the order {@code accepted}, {@code step} from 0 without gaps, then {@code end} or {@code fail}.
 */
@LoopConfined
interface Answer {

    /** The request is valid and queued: a stream's head goes out now, before there is a token. */
    void accepted();

    /**
     * One token of every choice that has one.
     *
     * @param number the token's number in its choice, from 0
     */
    void step(int number);

    /** All tokens are out; {@code cachedTokens} of the prompt came from the cache. */
    void end(int cachedTokens);

    /** The engine failed. */
    void fail(EngineError error);
}
