package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The top-level body fields that may have to be kept from an engine, because engines act on them beyond answering (vLLM and
 * SGLang), or because another engine than the client's is sent the body. Threading: immutable.
 */
enum NotedField {
    KV_TRANSFER_PARAMS(FieldGroup.HOSTS),
    EC_TRANSFER_PARAMS(FieldGroup.HOSTS),
    /** Every field whose name begins so. */
    BOOTSTRAP_(FieldGroup.HOSTS),
    DISAGG_PREFILL_DP_RANK(FieldGroup.HOSTS),
    PRIORITY(FieldGroup.PRIVILEGES),
    PROMPT_TOKEN_IDS(FieldGroup.PRIVILEGES),
    DATA_PARALLEL_RANK(FieldGroup.PRIVILEGES),
    ROUTED_DP_RANK(FieldGroup.PRIVILEGES),
    STREAM(FieldGroup.LENGTH),
    STREAM_OPTIONS(FieldGroup.LENGTH),
    MAX_TOKENS(FieldGroup.LENGTH),
    MAX_COMPLETION_TOKENS(FieldGroup.LENGTH),
    MIN_TOKENS(FieldGroup.LENGTH),
    MIN_COMPLETION_TOKENS(FieldGroup.LENGTH),
    N(FieldGroup.LENGTH);

    private static final List<NotedField> ALL = List.of(values());
    private static final List<NotedField> GUARDED = Arrays.stream(values())
            .filter(field -> field.group != FieldGroup.LENGTH)
            .toList();

    private final FieldGroup group;
    private final String name;

    NotedField(FieldGroup group) {
        this.group = group;
        this.name = name().toLowerCase(Locale.ROOT);
    }

    FieldGroup group() {
        return group;
    }

    /** The fields that are looked for: those that say how much is generated only where they may have to be changed. */
    static List<NotedField> lookedFor(boolean lengths) {
        return lengths ? ALL : GUARDED;
    }

    /** The one of {@code fields} that these bytes of the body, which hold no escape, are the name of. */
    static @Nullable NotedField find(List<NotedField> fields, ByteBuf body, int index, int length) {
        for (int i = 0; i < fields.size(); i++) {
            NotedField field = fields.get(i);
            boolean fits = field == BOOTSTRAP_ ? length >= field.name.length() : length == field.name.length();
            if (fits && field.isAt(body, index)) {
                return field;
            }
        }
        return null;
    }

    /** The one of {@code fields} with this name. */
    static @Nullable NotedField find(List<NotedField> fields, String name) {
        ByteBuf bytes = Unpooled.wrappedBuffer(name.getBytes(StandardCharsets.UTF_8));
        return find(fields, bytes, 0, bytes.readableBytes());
    }

    private boolean isAt(ByteBuf body, int index) {
        for (int i = 0; i < name.length(); i++) {
            if (body.getByte(index + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
