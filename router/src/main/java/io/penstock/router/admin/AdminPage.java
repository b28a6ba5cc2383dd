package io.penstock.router.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.util.function.Function;

/**
 * One page of the admin port. Threading: immutable; a quick page answers on the admin port's own event loop and must not
 * block it, a slow one on the admin port's own worker thread.
 *
 * @param method the method it answers; a page for GET answers HEAD too
 * @param path the exact path
 * @param slow true for work beyond a millisecond
 * @param answer makes the answer
 */
public record AdminPage(HttpMethod method, String path, boolean slow, Function<AdminRequest, AdminReply> answer) {

    /** A quick page for GET. */
    static AdminPage get(String path, Function<AdminRequest, AdminReply> answer) {
        return new AdminPage(HttpMethod.GET, path, false, answer);
    }

    /** A quick page for POST. */
    static AdminPage post(String path, Function<AdminRequest, AdminReply> answer) {
        return new AdminPage(HttpMethod.POST, path, false, answer);
    }
}
