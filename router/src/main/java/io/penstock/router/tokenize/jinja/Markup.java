package io.penstock.router.tokenize.jinja;

/**
 * A text that {@code safe} or {@code escape} marked: it behaves as text, but what is added to it is escaped for HTML.
 *
 * <p>Threading: immutable.
 */
record Markup(String text) {

    static Markup escaped(Object value) {
        return value instanceof Markup already ? already : new Markup(escape(Printed.text(value)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    @Override
    public String toString() {
        return text;
    }
}
