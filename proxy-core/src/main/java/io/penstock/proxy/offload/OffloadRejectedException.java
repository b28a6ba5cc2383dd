package io.penstock.proxy.offload;

/**
 * Work that an {@link OffloadExecutor} did not take: it was not run and will not be. It carries no stack trace, as it is an
 * expected event under load and must cost next to nothing. Threading: immutable.
 */
public final class OffloadRejectedException extends Exception {

    OffloadRejectedException(String message) {
        super(message, null, false, false);
    }
}
