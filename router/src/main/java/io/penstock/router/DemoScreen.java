package io.penstock.router;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows the demo. On a terminal each chat has a row that grows; elsewhere, as in a log, each chat writes a line for every
 * few words. Threading: the main thread.
 */
final class DemoScreen {

    private static final int NAME_WIDTH = 5;
    private static final int TEXT_WIDTH = 64;
    private static final int WORDS_PER_LINE = 40;
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String[] COLOURS = {"\u001b[36m", "\u001b[33m", "\u001b[35m"};

    private final PrintWriter out;
    private final boolean live;
    private final boolean coloured;
    private final List<Row> rows = new ArrayList<>();

    DemoScreen(PrintWriter out, boolean live, boolean coloured) {
        this.out = out;
        this.live = live;
        this.coloured = coloured;
    }

    /** A screen that suits where {@code out} goes; the launcher knows whether that is a terminal. */
    static DemoScreen on(PrintWriter out) {
        boolean terminal = Boolean.getBoolean("penstock.terminal") && !"dumb".equals(System.getenv("TERM"));
        return new DemoScreen(out, terminal, terminal && System.getenv("NO_COLOR") == null);
    }

    /** A heading. */
    void title(String text) {
        out.println();
        out.println(coloured ? BOLD + text + RESET : text);
        out.flush();
    }

    /** A line. */
    void say(String text) {
        out.println(text);
        out.flush();
    }

    /** The letter of an engine, counted from 0, in its colour. */
    String engine(int index) {
        if (index < 0) {
            return "-";
        }
        String letter = Character.toString((char) ('A' + index));
        return coloured ? COLOURS[index % COLOURS.length] + letter + RESET : letter;
    }

    /** Begins a round with a row for each name. */
    void begin(List<String> names) {
        rows.clear();
        names.forEach(name -> rows.add(new Row(name)));
        if (live) {
            rows.forEach(row -> out.println(line(row, "")));
            out.flush();
        }
    }

    /** A row's chat is answered by this engine. */
    void answered(int row, int engine) {
        rows.get(row).engine = engine;
        redraw(row);
    }

    /** A row's chat brought some text. */
    void text(int row, String text) {
        Row grown = rows.get(row);
        grown.text.append(text.replaceAll("[\\s\\p{Cntrl}]+", " "));
        if (!live && grown.text.length() >= WORDS_PER_LINE) {
            flush(grown);
        }
        redraw(row);
    }

    /** A row's chat is over. */
    void ended(int row) {
        if (!live) {
            flush(rows.get(row));
        }
    }

    /** Ends the round. */
    void end() {
        out.flush();
    }

    private void flush(Row row) {
        if (!row.text.isEmpty()) {
            say(line(row, row.text.toString().strip()));
            row.text.setLength(0);
        }
    }

    private void redraw(int row) {
        if (live) {
            int up = rows.size() - row;
            out.print("\u001b[" + up + "A\r\u001b[K" + line(rows.get(row), tail(rows.get(row).text)) + "\u001b[" + up
                    + "B\r");
            out.flush();
        }
    }

    private static String tail(CharSequence text) {
        int length = text.length();
        return length <= TEXT_WIDTH ? text.toString() : ".." + text.subSequence(length - TEXT_WIDTH + 2, length);
    }

    private String line(Row row, String text) {
        return "  " + row.name + " ".repeat(Math.max(0, NAME_WIDTH - row.name.length())) + " " + engine(row.engine)
                + "  " + text;
    }

    /** One chat. Threading: the main thread. */
    private static final class Row {
        final String name;
        final StringBuilder text = new StringBuilder();
        int engine = -1;

        Row(String name) {
            this.name = name;
        }
    }
}
