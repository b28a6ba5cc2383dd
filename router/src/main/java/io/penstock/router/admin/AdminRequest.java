package io.penstock.router.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page of the admin port may know of a request. Threading: immutable.
 *
 * @param query the decoded query parameters
 * @param accept the {@code Accept} header, or null
 * @param ifNoneMatch the {@code If-None-Match} header, or null
 */
public record AdminRequest(
        Map<String, List<String>> query,
        @Nullable String accept,
        @Nullable String ifNoneMatch) {

    /** True if the client holds the content of this entity tag already (RFC 9110, section 13.1.2). */
    boolean holds(String tag) {
        return ifNoneMatch != null && ifNoneMatch.contains(tag);
    }

    /** The first value of a query parameter, or null. */
    @Nullable
    public String parameter(String name) {
        List<String> values = query.get(name);
        return values == null ? null : values.get(0);
    }
}
