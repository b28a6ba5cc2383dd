package io.penstock.router.request;

/**
 * A run of bytes within a request body, counted from its start. Threading: immutable.
 *
 * @param start the first byte
 * @param end one past the last byte
 */
public record ByteRange(int start, int end) {

    /** How many bytes. */
    public int length() {
        return end - start;
    }
}
