package io.penstock.router.simulate;

/** A request the engine does not accept; carries the answer. Threading: immutable. */
final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient EngineError error;

    RequestRefused(EngineError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    EngineError error() {
        return error;
    }
}
