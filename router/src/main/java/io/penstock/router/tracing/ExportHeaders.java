package io.penstock.router.tracing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The headers that a collector wants, such as its key. Those from files are read again before each export, so that a secret may be
 * exchanged while the router runs. Threading: refreshed on one thread, read on any.
 */
final class ExportHeaders implements Supplier<Map<String, String>> {

    private static final int LONGEST = 8 << 10;

    private final Map<String, String> fixed;
    private final Map<String, String> files;
    private volatile Map<String, String> current;

    ExportHeaders(Map<String, String> fixed, Map<String, String> files) {
        this.fixed = fixed;
        this.files = files;
        this.current = fixed;
    }

    /** Reads the files. */
    void refresh() throws IOException {
        if (files.isEmpty()) {
            return;
        }
        Map<String, String> read = new HashMap<>(fixed);
        for (Map.Entry<String, String> file : files.entrySet()) {
            read.put(file.getKey(), value(file.getValue()));
        }
        current = read;
    }

    private static String value(String file) throws IOException {
        try (var in = Files.newInputStream(Path.of(file))) {
            String text = new String(in.readNBytes(LONGEST + 1), StandardCharsets.UTF_8).strip();
            boolean usable = !text.isEmpty() && text.length() <= LONGEST;
            if (!usable || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IOException("the file " + file + " holds no header value of one line");
            }
            return text;
        }
    }

    @Override
    public Map<String, String> get() {
        return current;
    }
}
