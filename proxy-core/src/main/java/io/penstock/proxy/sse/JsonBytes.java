package io.penstock.proxy.sse;

/**
 * Finds where JSON values end (RFC 8259), without decoding them. Control characters within values end the search, as the values
 * looked for stand in one line of an event. Threading: pure functions.
 */
final class JsonBytes {

    private JsonBytes() {}

    /** The closing quote of the string whose first byte after its opening quote is at {@code from}; -1 if there is none. */
    static int endOfString(byte[] bytes, int from, int limit) {
        for (int i = from; i < limit; i++) {
            byte b = bytes[i];
            if (b == '"') {
                return i;
            }
            if (b == '\\') {
                i++;
            } else if (b >= 0 && b < ' ') {
                return -1;
            }
        }
        return -1;
    }

    /**
     * The closing bracket of the array or object whose first byte after its opening bracket is at {@code from}; -1 if there is
     * none.
     */
    static int endOfContainer(byte[] bytes, int from, int limit) {
        int open = 1;
        for (int i = from; i >= 0 && i < limit; i++) {
            byte b = bytes[i];
            if (b == '"') {
                i = endOfString(bytes, i + 1, limit);
                if (i < 0) {
                    return -1;
                }
            } else if (b == '[' || b == '{') {
                open++;
            } else if (b == ']' || b == '}') {
                open--;
                if (open == 0) {
                    return i;
                }
            } else if (b >= 0 && b < ' ') {
                return -1;
            }
        }
        return -1;
    }

    /** One past the last byte of the number, {@code true}, {@code false} or {@code null} at {@code from}. */
    static int endOfScalar(byte[] bytes, int from, int limit) {
        int i = from;
        while (i < limit && isScalar(bytes[i])) {
            i++;
        }
        return i;
    }

    private static boolean isScalar(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || b == '-' || b == '+' || b == '.' || b == 'E';
    }

    /** True if there is nothing but blanks. */
    static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ') {
                return false;
            }
        }
        return true;
    }
}
