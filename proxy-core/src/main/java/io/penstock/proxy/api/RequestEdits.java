package io.penstock.proxy.api;

import java.util.List;

/**
 * What an engine is sent differently from what the client sent. Threading: as its parts.
 *
 * @param splices replacements in the body, ascending and not overlapping; usually none
 * @param headers changes of the request's headers, after the proxy's own
 */
public record RequestEdits(List<BodySplice> splices, HeaderEdits headers) {

    /** The request as it came. */
    public static final RequestEdits NONE = new RequestEdits(List.of(), HeaderEdits.NONE);
}
