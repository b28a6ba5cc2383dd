package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Request ids: the client's own where it sent a sane one, otherwise a fresh one. Engines are sent an id that no other attempt
 * has, because some mix up the answers of two requests with equal ids. Threading: pure functions.
 */
public final class RequestIds {

    private static final int MAX_LENGTH = 128;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private RequestIds() {}

    /** The id of a client's request. */
    public static String of(HttpHeaders headers) {
        String sent = headers.get(ProxyHeaders.X_REQUEST_ID);
        return sent != null && isSane(sent) ? sent : fresh();
    }

    /** The id of one attempt: the request's own for the first attempt of an id made here, otherwise with a suffix. */
    public static String ofAttempt(RequestHead head, int attempt) {
        String id = head.requestId();
        if (!head.headers().contains(ProxyHeaders.X_REQUEST_ID)) {
            return attempt == 1 ? id : id + "-" + attempt;
        }
        return id + "-" + hex(ThreadLocalRandom.current().nextLong(), 8);
    }

    private static String fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return hex(random.nextLong(), 16) + hex(random.nextLong(), 16);
    }

    private static String hex(long bits, int digits) {
        char[] text = new char[digits];
        for (int i = 0; i < digits; i++) {
            text[i] = HEX[(int) (bits >>> (4 * i)) & 15];
        }
        return new String(text);
    }

    private static boolean isSane(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
