package io.penstock.it.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A Markdown table that is also readable as it is. Threading: the main thread. */
final class MarkdownTable {

    /** What stands where there is no figure. */
    static final String NONE = "-";

    private final List<String[]> rows = new ArrayList<>();

    /** A table with these headings. */
    MarkdownTable(List<String> headings) {
        rows.add(headings.toArray(String[]::new));
    }

    /** Adds a row, with a cell for each heading. */
    void add(String... cells) {
        rows.add(cells);
    }

    static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? number(value.getAsDouble(), decimals) : NONE;
    }

    static String number(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : NONE;
    }

    /** The table, numbers to the right; nothing if no row was added. */
    String text() {
        if (rows.size() == 1) {
            return "";
        }
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        append(text, rows.get(0), widths);
        append(text, rule(widths), widths);
        rows.subList(1, rows.size()).forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static String[] rule(int... widths) {
        return Arrays.stream(widths)
                .mapToObj(width -> "-".repeat(width - 1) + ":")
                .toArray(String[]::new);
    }

    private static void append(StringBuilder text, String[] cells, int... widths) {
        text.append('|');
        for (int i = 0; i < cells.length; i++) {
            text.append(' ')
                    .append(" ".repeat(widths[i] - cells[i].length()))
                    .append(cells[i])
                    .append(" |");
        }
        text.append('\n');
    }
}
