package io.penstock.proxy.api;

import java.util.Locale;

/**
 * What a client did against HTTP/2 (RFC 9113) or against the bounds on its frames. A {@code …_FLOOD} ends the connection with
 * ENHANCE_YOUR_CALM. Threading: immutable.
 */
public enum ClientProtocolError {
    /** Requests are opened and reset at once (CVE-2023-44487). */
    RESET_FLOOD,
    /** Requests are broken so that the router resets them (CVE-2025-8671, "MadeYouReset"). */
    STREAM_ERROR_FLOOD,
    /** Pings, which cost an answer each. */
    PING_FLOOD,
    /** Changes of settings, which cost an answer each. */
    SETTINGS_FLOOD,
    /** Priorities, which are ignored. */
    PRIORITY_FLOOD,
    /** Far more window updates than there was data to open windows for. */
    WINDOW_UPDATE_FLOOD,
    /** DATA frames without data. */
    EMPTY_DATA_FLOOD,
    /** Bodies in frames of a few bytes. */
    TINY_DATA_FLOOD,
    /** A header section in very many pieces (CVE-2024-27316). */
    CONTINUATION_FLOOD,
    /** Frames of types that mean nothing. */
    UNKNOWN_FRAME_FLOOD,
    /** A request that is malformed; its stream is reset, the others go on. */
    MALFORMED_REQUEST,
    /** A request beyond the streams a connection may have; refused, the others go on. */
    REFUSED_STREAM,
    /** A header section larger than the limit; answered with 431. */
    HEADERS_TOO_LARGE,
    /** The connection's start stayed incomplete. */
    PREFACE_TIMEOUT,
    /** Flow control was violated. */
    FLOW_CONTROL,
    /** A frame of a wrong size. */
    FRAME_SIZE,
    /** A header section that cannot be decompressed (RFC 7541). */
    COMPRESSION,
    /** Any other violation of the protocol by the connection. */
    PROTOCOL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and logs. */
    public String label() {
        return label;
    }
}
