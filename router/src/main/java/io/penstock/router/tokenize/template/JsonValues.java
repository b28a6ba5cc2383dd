package io.penstock.router.tokenize.template;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.router.tokenize.jinja.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to plain values, as Python's parser reads it: the last of equal keys wins, and {@code NaN} is a number.
 *
 * <p>Threading: immutable.
 */
final class JsonValues {

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNestingDepth(500)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build()
            .readerFor(Object.class);

    private JsonValues() {}

    /** An object. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(InputStream json) throws IOException {
        try {
            if (READER.readValue(json) instanceof Map<?, ?> map) {
                return (Map<String, @Nullable Object>) map;
            }
        } catch (JsonProcessingException e) {
            throw new TemplateException(TemplateException.Kind.PROMPT, 0, "the body is not JSON");
        }
        throw new TemplateException(TemplateException.Kind.PROMPT, 0, "the body is not an object");
    }

    /** An object, or an empty one where the text is something else. */
    static Map<?, ?> objectOrEmpty(String json) {
        try {
            return READER.readValue(json) instanceof Map<?, ?> map ? map : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }
}
