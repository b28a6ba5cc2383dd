package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.request.FieldHits.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs to know of one request body: between the bytes and the route. Found in one pass; the body itself is
 * neither kept nor changed, so the value may outlive it.
 *
 * <p>Threading: immutable.
 */
public final class InferenceRequest {

    /** A longer model name is refused. */
    static final int MAX_MODEL_BYTES = 4 << 10;

    /** A longer value is no session id. */
    static final int MAX_SESSION_BYTES = 4 << 10;

    private static final int BYTES_PER_TOKEN = 4;
    private static final Set<FieldGroup> GUARDED = Set.of(FieldGroup.HOSTS, FieldGroup.PRIVILEGES);

    private static final InferenceRequest NOTHING_KNOWN =
            new InferenceRequest(new FieldHits(0), new String[0], false, 1, null);

    private final FieldHits hits;
    private final @Nullable String[] values;
    private final boolean stream;
    private final int prompts;
    private final @Nullable BodySplice usage;

    private InferenceRequest(
            FieldHits hits, @Nullable String[] values, boolean stream, int prompts, @Nullable BodySplice usage) {
        this.hits = hits;
        this.values = values;
        this.stream = stream;
        this.prompts = prompts;
        this.usage = usage;
    }

    /** A request without a body, or with one that is not looked into. */
    public static InferenceRequest opaque() {
        return NOTHING_KNOWN;
    }

    /**
     * Reads a JSON body.
     *
     * @param body its readable bytes are the body; indexes are not moved
     * @param fields what to look for
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} with the position, if this is no JSON object
     */
    public static InferenceRequest ofJson(ByteBuf body, BodyFields fields) throws ProxyFailure {
        FieldHits hits = JsonScan.scan(body, fields);
        return decoded(hits, body, fields.lengths() ? PromptCount.of(hits, body) : 1);
    }

    /**
     * Reads the {@code model} field of a form (RFC 7578); a form without one is not refused.
     *
     * @param boundary the parts' boundary, from the content type
     */
    public static InferenceRequest ofForm(ByteBuf body, String boundary, BodyFields fields) throws ProxyFailure {
        FieldHits hits = new FieldHits(fields.slots());
        ByteRange model = new FormScan(body, boundary).lastFieldNamed("model");
        if (model != null) {
            hits.found(BodyFields.MODEL, Kind.TEXT, model.start(), model.end());
        }
        return decoded(hits, body, 1);
    }

    private static InferenceRequest decoded(FieldHits hits, ByteBuf body, int prompts) throws ProxyFailure {
        @Nullable String[] values = new String[hits.slots()];
        values[BodyFields.MODEL] = model(hits, body);
        for (int slot = BodyFields.FIRST_SESSION; slot < values.length; slot++) {
            values[slot] = session(hits, body, slot);
        }
        boolean stream = isTrue(hits, body);
        return new InferenceRequest(hits, values, stream, prompts, stream ? UsageSplice.of(hits, body) : null);
    }

    private static @Nullable String model(FieldHits hits, ByteBuf body) throws ProxyFailure {
        Kind kind = hits.kind(BodyFields.MODEL);
        if (kind == Kind.SCALAR || kind == Kind.CONTAINER) {
            return null;
        }
        if (kind != Kind.ABSENT && hits.range(BodyFields.MODEL).length() > MAX_MODEL_BYTES) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST, "The model name is longer than " + MAX_MODEL_BYTES + " bytes.");
        }
        return text(hits, body, BodyFields.MODEL);
    }

    private static @Nullable String session(FieldHits hits, ByteBuf body, int slot) throws ProxyFailure {
        Kind kind = hits.kind(slot);
        if (kind == Kind.ABSENT || kind == Kind.CONTAINER || hits.range(slot).length() > MAX_SESSION_BYTES) {
            return null;
        }
        String value = text(hits, body, slot);
        return value == null || value.isEmpty() || (kind == Kind.SCALAR && value.equals("null")) ? null : value;
    }

    private static @Nullable String text(FieldHits hits, ByteBuf body, int slot) throws ProxyFailure {
        int start = hits.start(slot);
        int end = hits.end(slot);
        return switch (hits.kind(slot)) {
            case ABSENT, CONTAINER -> null;
            case STRING -> JsonStrings.plain(body, start + 1, end - 1);
            case ESCAPED_STRING -> JsonStrings.decode(body, new ByteRange(start, end));
            case SCALAR, TEXT -> JsonStrings.plain(body, start, end);
        };
    }

    private static boolean isTrue(FieldHits hits, ByteBuf body) {
        int slot = BodyFields.STREAM;
        return hits.kind(slot) == Kind.SCALAR
                && JsonStrings.plain(body, hits.start(slot), hits.end(slot)).equals("true");
    }

    /** The model the client asks for, or null if it names none or names it by something else than a string. */
    public @Nullable String model() {
        return values.length == 0 ? null : values[BodyFields.MODEL];
    }

    /** True if the client asks for a stream of events. */
    public boolean stream() {
        return stream;
    }

    /** The text of a session field by its slot, or null if it is absent, empty, null, too long or no scalar. */
    public @Nullable String session(int slot) {
        return slot < values.length ? values[slot] : null;
    }

    /** How many prompts a completion has; counted only where that matters, else 1. */
    public int prompts() {
        return prompts;
    }

    /** Where the prompt is: the value of {@code messages}, else of {@code prompt}, else of {@code input}. */
    public @Nullable ByteRange prompt() {
        for (int slot = BodyFields.MESSAGES; slot < Math.min(BodyFields.STREAM_OPTIONS, values.length); slot++) {
            if (hits.kind(slot) != Kind.ABSENT) {
                return hits.range(slot);
            }
        }
        return null;
    }

    /**
     * About how many tokens the prompt has: its bytes divided by 4, at least 1. Too many for
     * pictures in the prompt, too few for some scripts; 1 for a body that was not looked into.
     */
    public int estimatedTokens() {
        ByteRange prompt = prompt();
        return prompt == null ? 1 : Math.max(1, prompt.length() / BYTES_PER_TOKEN);
    }

    /** The replacement of the model's name by another, or null if the body names none. */
    public @Nullable BodySplice rename(ModelName replacement) {
        if (model() == null) {
            return null;
        }
        byte[] bytes = hits.kind(BodyFields.MODEL) == Kind.TEXT ? replacement.plain() : replacement.jsonToken();
        return new BodySplice(hits.start(BodyFields.MODEL), hits.end(BodyFields.MODEL), bytes);
    }

    /** As {@link #rename}, also where the body names a model by something else than a string; null if there is no such field. */
    public @Nullable BodySplice nameModel(ModelName model) {
        return hits.kind(BodyFields.MODEL) == Kind.ABSENT
                ? null
                : new BodySplice(hits.start(BodyFields.MODEL), hits.end(BodyFields.MODEL), model.jsonToken());
    }

    /** What makes the engine tell the usage of its stream; null if the client asks for that itself, or for no stream. */
    public @Nullable BodySplice askingForUsage() {
        return usage;
    }

    /** What is cut out of the body of a client that is not trusted: ascending, not overlapping, usually nothing. */
    public List<BodySplice> guarded() {
        return cuts(GUARDED);
    }

    /** What is cut out of the body to keep these fields from an engine: ascending, not overlapping, usually nothing. */
    public List<BodySplice> cuts(Set<FieldGroup> groups) {
        return hits.entries().cuts(groups);
    }

    /** True if the body is a JSON object, so that fields can be cut out and put in. */
    public boolean isJson() {
        return hits.entries().start() > 0;
    }

    /** True if the body itself limits an answer by {@code max_completion_tokens}, which chats prefer over {@code max_tokens}. */
    public boolean hasMaxCompletionTokens() {
        return hits.entries().has(NotedField.MAX_COMPLETION_TOKENS);
    }

    /**
     * Puts fields into the body in front of all others, next to what is cut out of it.
     *
     * @param fields as JSON, such as {@code "a":1,"b":2}
     * @param without what is cut out as well
     */
    public BodySplice put(String fields, Set<FieldGroup> without) {
        String text = hits.entries().someStay(without) ? fields + "," : fields;
        int start = hits.entries().start();
        return new BodySplice(start, start, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Says which fields were found, never what is in them. */
    @Override
    public String toString() {
        return "InferenceRequest[model=" + model() + ", stream=" + stream + ", session fields="
                + Arrays.stream(values).skip(1).filter(value -> value != null).count() + "]";
    }
}
