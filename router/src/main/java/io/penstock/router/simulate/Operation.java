package io.penstock.router.simulate;

/** What the engine does on one path. Threading: called on the engine's loop, must not block. */
@FunctionalInterface
interface Operation {

    /**
     * Answers, now or later.
     *
     * @throws RequestRefused to answer with an error
     */
    void answer(EngineRequest request, Reply reply);
}
