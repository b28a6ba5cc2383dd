package io.penstock.router.tokenize.jinja;

import io.penstock.proxy.runtime.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Fuzz target: whatever the text, it is rendered or refused for a reason, within its bounds. Threading: pure function. */
public final class TemplateFuzz {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Bounds BOUNDS = new Bounds(20_000, 1 << 20, 1 << 18, 30, Duration.ofSeconds(2));
    private static final Map<String, Object> VARIABLES = Map.of(
            "messages",
            List.of(Map.of("role", "user", "content", "a \ud83c\udf89"), Map.of("role", "assistant", "content", "b")),
            "items",
            List.of(Map.of("n", 1, "k", "b"), Map.of("n", 2, "k", "a")),
            "d",
            Map.of("a", 1, "b", List.of(1.5, true)),
            "words",
            List.of("x", "Y"),
            "bos_token",
            "<s>");

    private TemplateFuzz() {}

    /** Called by Jazzer and by {@link FuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Template template = Template.parse(new String(input, StandardCharsets.UTF_8));
            template.walks("messages", "content");
            template.render(VARIABLES, BOUNDS, Ticker.system(), CLOCK);
        } catch (TemplateException e) {
            if (e.reason().isEmpty() && e.kind() != TemplateException.Kind.RAISED) {
                throw new IllegalStateException("no reason", e);
            }
        }
    }
}
