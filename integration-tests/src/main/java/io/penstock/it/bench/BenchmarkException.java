package io.penstock.it.bench;

import java.io.Serial;

/** What ends a benchmark without a result: a wrong byte, a proxy that does not start. Threading: immutable. */
final class BenchmarkException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    BenchmarkException(String message) {
        super(message);
    }

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
