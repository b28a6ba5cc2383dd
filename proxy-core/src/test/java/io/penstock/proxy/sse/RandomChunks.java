package io.penstock.proxy.sse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Streams as engines send them, at random: in the manner of vLLM, of its Rust front end, of SGLang and of completions, with
 * several choices, texts cut within escapes, surrogate pairs and UTF-8 sequences, and with what must not be joined in between.
 * Events are Latin-1. Threading: confined to a test.
 */
final class RandomChunks {

    private static final List<String> TEXTS = List.of(
            "a",
            " the",
            "x]",
            "{\\\"k\\\":",
            "\\\\",
            "\\n",
            "\\ud83d",
            "\\ude00",
            "\u00c3",
            "\u00a9",
            "\u00ff",
            ",",
            "\\u0000",
            "");
    private static final List<String> NUMBERS =
            List.of("-0.00012", "-9999.0", "-0.10536051541566849", "1e-7", "0", "9007199254740993", "-1.50");
    private static final List<String> BETWEEN = List.of(
            ": ping%s",
            "event: ping%ndata: {}%s",
            "data: {\"choices\":[{\"index\":0,\"mystery\":1,\"delta\":{\"content\":\"m\"}}]}%s",
            "data: {\"error\":{\"message\":\"no\",\"code\":500}}%s",
            "id: 7%ndata: {\"choices\":[]}%s");

    private final Random random;
    private final List<String> events = new ArrayList<>();
    private final int style;
    private final String lineEnd;
    private final String prefix;
    private final boolean logprobs;
    private final boolean tokenIds;
    private final boolean usage;
    private final boolean obfuscated;
    private int tokens;
    private int tools;

    private RandomChunks(long seed) {
        random = new Random(seed);
        style = random.nextInt(4);
        lineEnd = List.of("\n", "\n", "\r\n").get(random.nextInt(3));
        prefix = random.nextInt(4) == 0 ? "data:" : "data: ";
        logprobs = random.nextInt(3) == 0;
        tokenIds = random.nextInt(3) == 0;
        usage = random.nextInt(3) == 0;
        obfuscated = random.nextInt(6) == 0;
    }

    /** A stream with so many choices. */
    static List<String> stream(long seed, int choices) {
        RandomChunks chunks = new RandomChunks(seed);
        for (int choice = 0; choice < choices && chunks.isChat(); choice++) {
            chunks.delta(choice, "\"role\":\"assistant\",\"content\":\"\"");
        }
        for (int run = 3 + chunks.random.nextInt(12); run > 0; run--) {
            chunks.run(chunks.random.nextInt(choices), choices);
        }
        for (int choice = 0; choice < choices; choice++) {
            chunks.choice(choice, chunks.isChat() ? "\"delta\":{}" : "\"text\":\"\"", "\"stop\"");
        }
        chunks.send("{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5}}");
        chunks.send("[DONE]");
        return chunks.events;
    }

    private boolean isChat() {
        return style < 3;
    }

    private void run(int choice, int choices) {
        int kind = random.nextInt(isChat() ? 5 : 2);
        boolean interleaved = random.nextInt(3) == 0;
        if (kind == 3) {
            tools++;
            delta(
                    choice,
                    "\"tool_calls\":[{\"index\":" + tools + ",\"id\":\"call_" + tools
                            + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]");
        }
        for (int n = random.nextInt(9); n > 0; n--) {
            say(interleaved ? random.nextInt(choices) : choice, kind);
        }
        if (random.nextInt(3) == 0) {
            events.add(BETWEEN.get(random.nextInt(BETWEEN.size()))
                    .replace("%n", lineEnd)
                    .replace("%s", lineEnd + lineEnd));
        }
    }

    private void say(int choice, int kind) {
        String text = TEXTS.get(random.nextInt(TEXTS.size())) + TEXTS.get(random.nextInt(TEXTS.size()));
        if (!isChat()) {
            choice(choice, "\"text\":\"" + text + "\"", "null");
            return;
        }
        String nulls = style == 2 ? ",\"tool_calls\":null,\"role\":null" : "";
        switch (kind) {
            case 0, 1 -> delta(choice, "\"content\":\"" + text + "\"" + nulls);
            case 2 -> delta(choice, "\"reasoning_content\":\"" + text + "\"" + (style == 2 ? ",\"content\":\"\"" : ""));
            case 3 ->
                delta(
                        choice,
                        "\"tool_calls\":[{\"index\":" + tools + ",\"function\":{\"arguments\":\"" + text + "\"}}]");
            default ->
                delta(choice, "\"content\":\"" + text + "\",\"reasoning\":\"" + TEXTS.get(random.nextInt(2)) + "\"");
        }
    }

    private void delta(int choice, String fields) {
        choice(choice, "\"delta\":{" + fields + "}", "null");
    }

    private void choice(int choice, String said, String finish) {
        StringBuilder json = new StringBuilder("{\"id\":\"c\",\"object\":\"")
                .append(isChat() ? "chat.completion.chunk" : "text_completion")
                .append("\",\"created\":17,\"model\":\"m\",\"choices\":[{\"index\":")
                .append(choice)
                .append(',')
                .append(said);
        if (logprobs) {
            json.append(",\"logprobs\":").append(logprobs());
        } else if (style != 1) {
            json.append(",\"logprobs\":null");
        }
        if (style != 1 || !finish.equals("null")) {
            json.append(",\"finish_reason\":").append(finish);
        }
        if (tokenIds) {
            json.append(",\"token_ids\":[")
                    .append(random.nextInt(5) == 0 ? " " : tokens++)
                    .append(']');
        }
        json.append("}]");
        if (usage) {
            json.append(",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":")
                    .append(tokens++)
                    .append('}');
        }
        if (obfuscated) {
            json.append(",\"obfuscation\":\"").append(random.nextInt()).append('"');
        }
        send(json.append('}').toString());
    }

    private String logprobs() {
        String number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return isChat()
                ? "{\"content\":[{\"token\":\"a]\\\"\",\"logprob\":" + number
                        + ",\"bytes\":[97],\"top_logprobs\":[]}],\"refusal\":null}"
                : "{\"text_offset\":[" + tokens++ + "],\"token_logprobs\":[" + number
                        + "],\"tokens\":[\"a\"],\"top_logprobs\":[{\"a\":" + number + "}]}";
    }

    private void send(String json) {
        events.add(prefix + json + lineEnd + lineEnd);
    }
}
