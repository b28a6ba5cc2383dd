package io.penstock.proxy.api;

import java.util.Locale;

/** Which of the {@link ClientLimits} a client reached, as it is counted. Threading: immutable. */
public enum ClientLimit {
    /** One connection more than the router takes; refused with 503. */
    CONNECTIONS,
    /** One connection more than one address may have; refused with 503. */
    CONNECTIONS_PER_ADDRESS,
    /** The last request that its connection may carry; it is answered, and the connection closes after it. */
    REQUESTS_PER_CONNECTION,
    /** A connection became too old; what runs on it is completed, then it closes. */
    CONNECTION_AGE,
    /** A request head that stayed incomplete; refused with 408. */
    HEADER_TIMEOUT,
    /** A request body that stopped coming or came too slowly; refused with 408. */
    BODY_TIMEOUT,
    /** A client that read nothing of what it was sent; cut off. */
    WRITE_TIMEOUT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
