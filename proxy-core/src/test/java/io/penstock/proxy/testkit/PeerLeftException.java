package io.penstock.proxy.testkit;

/** The other side closed or reset its connection or stream while a script was still speaking. Threading: immutable. */
public final class PeerLeftException extends RuntimeException {

    PeerLeftException(String message) {
        super(message);
    }

    PeerLeftException(String message, Throwable cause) {
        super(message, cause);
    }
}
