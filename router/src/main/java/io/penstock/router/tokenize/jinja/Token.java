package io.penstock.router.tokenize.jinja;

/**
 * A piece of a template's source: text between tags, or a word, literal or sign within one.
 *
 * <p>Threading: immutable.
 *
 * @param value a literal's value; of all others the text
 * @param line where it starts, from 1
 */
record Token(Kind kind, Object value, int line) {

    enum Kind {
        TEXT,
        TAG_BEGIN,
        TAG_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        NUMBER,
        SIGN,
        END,
        /** What cannot be read; the value is the failure. */
        BROKEN
    }

    String text() {
        return value.toString();
    }

    boolean isName(String name) {
        return kind == Kind.NAME && value.equals(name);
    }

    boolean isSign(String sign) {
        return kind == Kind.SIGN && value.equals(sign);
    }

    /** As a reader of the template would call it; never a literal's value. */
    String described() {
        return switch (kind) {
            case TEXT -> "text";
            case TAG_BEGIN -> "'{%'";
            case TAG_END -> "'%}'";
            case PRINT_BEGIN -> "'{{'";
            case PRINT_END -> "'}}'";
            case NAME, SIGN -> "'" + value + "'";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case END, BROKEN -> "the end of the template";
        };
    }
}
