package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A streamed answer of chat or completions: one event per token and choice. What repeats is encoded once per request,
 * so that a token costs one buffer and four copies. Threading: loop-confined.
 */
@LoopConfined
final class ChunkStream implements Answer {

    private static final byte[] DONE = ascii("data: [DONE]\n\n");
    private static final String OPEN_CHOICE = "{\"index\":";

    private final GenerationRequest request;
    private final ChunkShape shape;
    private final Reply reply;
    private final AnswerStamp stamp;
    private final String head;
    private final List<byte[]> beforeText;
    private final byte[] afterText;

    ChunkStream(GenerationRequest request, ChunkShape shape, Reply reply, AnswerStamp stamp) {
        this.request = request;
        this.shape = shape;
        this.reply = reply;
        this.stamp = stamp;
        ObjectNode start = stamp.start(request.id(), shape.object(), request.model());
        String fields = new String(Json.bytes(start), StandardCharsets.UTF_8);
        this.head = "data: " + fields.substring(0, fields.length() - 1) + ",\"choices\":[";
        this.beforeText = request.choices().stream()
                .map(choice -> utf8(head + OPEN_CHOICE + choice.index() + shape.textOpen()))
                .toList();
        this.afterText = ascii(shape.textClose() + "]");
    }

    @Override
    public void accepted() {
        reply.startEvents();
    }

    @Override
    public void step(int number) {
        if (number == 0 && shape.role() != null) {
            roles(shape.role());
        }
        List<Choice> choices = request.choices();
        for (int i = 0; i < choices.size(); i++) {
            Choice choice = choices.get(i);
            if (number < choice.total()) {
                token(choice, number, beforeText.get(i));
            }
        }
    }

    private void roles(String role) {
        for (Choice choice : request.choices()) {
            String chunk = head + OPEN_CHOICE + choice.index() + role + "]" + usage(choice, 0) + shape.roleTail();
            send(utf8(chunk), end());
        }
    }

    private void token(Choice choice, int number, byte[] before) {
        byte[] text = choice.json(number);
        if (choice.endsWith(number)) {
            String finish = shape.finishFormat().formatted(choice.finishReason(), choice.stopReasonJson());
            String fingerprint = request.includeUsage() ? "" : ",\"system_fingerprint\":\"" + stamp.fingerprint() + '"';
            send(before, text, utf8(finish + "]" + usage(choice, number + 1) + fingerprint), end());
        } else if (request.continuousUsage()) {
            send(before, text, ascii(shape.textClose() + "]" + usage(choice, number + 1)), end());
        } else {
            send(before, text, afterText, end());
        }
    }

    private byte[] end() {
        return stamp.eventEnd().bytes();
    }

    private String usage(Choice choice, int tokens) {
        return request.continuousUsage() ? ",\"usage\":" + new Usage(request.promptTokens(choice), tokens).json() : "";
    }

    @Override
    public void end(int cachedTokens) {
        if (request.includeUsage()) {
            ObjectNode chunk = stamp.start(request.id(), shape.object(), request.model());
            chunk.putArray("choices");
            new Usage(request.promptTokens(), request.completionTokens()).into(chunk, stamp.told(cachedTokens));
            chunk.put("system_fingerprint", stamp.fingerprint());
            event(Json.bytes(chunk));
        }
        send(DONE);
        reply.endEvents();
    }

    @Override
    public void fail(EngineError error) {
        event(Json.bytes(error.json()));
        send(DONE);
        reply.endEvents();
    }

    private void event(byte[] json) {
        send(ascii("data: "), json, ascii("\n\n"));
    }

    private void send(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuf buffer = reply.alloc().buffer(length);
        for (byte[] part : parts) {
            buffer.writeBytes(part);
        }
        reply.event(buffer);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
