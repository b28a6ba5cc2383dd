package io.penstock.proxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Messages as bytes, in text files beside this class. An entry begins with {@code ## name | outcome}. The lines below it are
 * joined as they are, so that every line end on the wire is written out; {@code \r \n \t \\} and {@code \xNN} stand for bytes.
 * What the other side must see of it follows a line {@code >>}. {@code #} begins a comment, and these lines are longer than
 * they look:
 *
 * <pre>
 * $post     the request line and host of a POST
 * $chunked  the same and the end of its head, which announces chunks
 * $body     {"model":"m"}
 * $chunks   the same as chunks
 * </pre>
 *
 * Threading: pure functions.
 */
public final class WireCorpus {

    /** Thirteen bytes of JSON. */
    public static final String BODY = "{\"model\":\"m\"}";

    private static final String POST = "POST /v1/completions HTTP/1.1\r\nhost: r\r\n";
    private static final Map<String, String> SHORT = Map.of(
            "$post",
            POST,
            "$chunked",
            POST + "transfer-encoding: chunked\r\n\r\n",
            "$body",
            BODY,
            "$chunks",
            "d\r\n" + BODY + "\r\n0\r\n\r\n");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(x\\p{XDigit}{2}|[rnt\\\\])");

    private WireCorpus() {}

    /** Requests. The outcome is a status, for refusals also the error's code and whether the connection is closed. */
    public static List<WireCase> requests() {
        return read("smuggling-requests.txt");
    }

    /** Answers of engines. The outcome is said in {@code smuggling-answers.txt}. */
    public static List<WireCase> answers() {
        return read("smuggling-answers.txt");
    }

    private static List<WireCase> read(String file) {
        try (InputStream in = Objects.requireNonNull(WireCorpus.class.getResourceAsStream(file), file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Stream.of(text.split("(?m)^## ", -1))
                    .skip(1)
                    .map(WireCorpus::entry)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WireCase entry(String text) {
        List<String> lines = text.lines().filter(line -> !line.startsWith("# ")).toList();
        String[] title = lines.get(0).split(" \\| ", 2);
        int split = lines.indexOf(">>");
        List<String> sent = lines.subList(1, split < 0 ? lines.size() : split);
        List<String> seen = split < 0 ? List.of() : lines.subList(split + 1, lines.size());
        StringBuilder wire = new StringBuilder();
        sent.forEach(line -> wire.append(SHORT.getOrDefault(line, bytes(line))));
        return new WireCase(
                title[0],
                List.of(title[1].split(" ", -1)),
                wire.toString(),
                seen.stream().map(WireCorpus::bytes).toList());
    }

    private static String bytes(String line) {
        return ESCAPE.matcher(line).replaceAll(escape -> Matcher.quoteReplacement(meant(escape.group())));
    }

    private static String meant(String escape) {
        return switch (escape.charAt(1)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'x' -> Character.toString(Integer.parseInt(escape.substring(2), 16));
            default -> "\\";
        };
    }
}
