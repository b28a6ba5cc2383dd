package io.penstock.router.tokenize.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message: a text, or parts of which some are texts and others stand for images, audio or video.
 *
 * <p>Threading: pure functions.
 */
final class Content {

    private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text", "refusal", "thinking");
    private static final Set<String> KINDS = Set.of("image", "audio", "video");

    private Content() {}

    /** Whether it holds nothing but text. */
    static boolean isText(@Nullable Object content) {
        return !(content instanceof List<?> parts) || parts.stream().allMatch(part -> textOf(part) != null);
    }

    /** Its texts, a line each. What is no text is left out: the placeholder an engine puts there depends on the model. */
    static String text(@Nullable Object content) {
        if (content == null) {
            return "";
        }
        if (!(content instanceof List<?> parts)) {
            return plain(content);
        }
        List<String> texts = new ArrayList<>();
        for (Object part : parts) {
            String text = textOf(part);
            if (text != null) {
                texts.add(text);
            }
        }
        return String.join("\n", texts);
    }

    /** Its parts, each as a small object with a type; a text is one part. */
    static List<Object> parts(@Nullable Object content) {
        List<Object> normalized = new ArrayList<>();
        if (content == null) {
            return normalized;
        }
        if (!(content instanceof List<?> parts)) {
            normalized.add(textPart(plain(content)));
            return normalized;
        }
        for (Object part : parts) {
            String text = textOf(part);
            if (text != null) {
                normalized.add(textPart(text));
            } else if (part instanceof Map<?, ?> fields) {
                normalized.add(Map.of("type", kind(fields)));
            }
        }
        return normalized;
    }

    private static String plain(Object content) {
        if (content instanceof String text) {
            return text;
        }
        throw ChatPrompt.refused("the content of a message is neither a text nor a list of parts");
    }

    private static Map<String, Object> textPart(String text) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("type", "text");
        part.put("text", text);
        return part;
    }

    private static @Nullable String textOf(@Nullable Object part) {
        if (part instanceof String text) {
            return text;
        }
        if (part instanceof Map<?, ?> fields && fields.get("type") instanceof String type && TEXTS.contains(type)) {
            Object text = fields.get(type.equals("thinking") || type.equals("refusal") ? type : "text");
            return text instanceof String found ? found : null;
        }
        return null;
    }

    /** {@code image_url}, {@code input_image} and {@code image_embeds} are all images. */
    private static String kind(Map<?, ?> fields) {
        String type = fields.get("type") instanceof String named
                ? named
                : fields.keySet().stream()
                        .map(Object::toString)
                        .sorted()
                        .findFirst()
                        .orElse("");
        String lower = type.toLowerCase(Locale.ROOT);
        return KINDS.stream().filter(lower::contains).findFirst().orElse(type);
    }
}
