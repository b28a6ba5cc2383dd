package io.penstock.proxy.api;

import java.util.List;

/**
 * What an engine is sent differently from what the client sent. Threading: as its parts.
 *
 * @param splices replacements in the body, ascending and not overlapping; usually none
 * @param headers changes of the request's headers, after the proxy's own
 * @param hidesUsage the engine is asked for the usage of a stream that the client did not ask for and is not given
 */
public record RequestEdits(List<BodySplice> splices, HeaderEdits headers, boolean hidesUsage) {

    /** Nothing is asked for that the client did not ask for. */
    public RequestEdits(List<BodySplice> splices, HeaderEdits headers) {
        this(splices, headers, false);
    }

    /** The request as it came. */
    public static final RequestEdits NONE = new RequestEdits(List.of(), HeaderEdits.NONE);
}
