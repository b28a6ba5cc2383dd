package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * An answer of {@code /v1/responses}, as typed events with growing sequence numbers or in one body. A failed stream has
 * no error event, only a broken end, as in vLLM. Threading: loop-confined.
 */
@LoopConfined
final class ResponsesAnswer implements Answer {

    private static final String OUTPUT = "\"output_index\":0,\"item_id\":";

    private final GenerationRequest request;
    private final Choice choice;
    private final Reply reply;
    private final AnswerStamp stamp;
    private final String itemId;
    private int sequence;

    ResponsesAnswer(GenerationRequest request, Reply reply, AnswerStamp stamp) {
        this.request = request;
        this.choice = request.choices().get(0);
        this.reply = reply;
        this.stamp = stamp;
        this.itemId = "msg_" + request.id().substring(request.id().indexOf('_') + 1);
    }

    @Override
    public void accepted() {
        if (request.stream()) {
            reply.startEvents();
        }
    }

    @Override
    public void step(int number) {
        if (!request.stream()) {
            return;
        }
        if (number == 0) {
            begin();
        }
        byte[] text = choice.json(number);
        if (text.length > 0) {
            String delta = new String(text, StandardCharsets.UTF_8);
            event("response.output_text.delta", place() + ",\"logprobs\":[],\"delta\":\"" + delta + '"');
        }
    }

    private void begin() {
        event("response.created", "\"response\":" + response("in_progress", -1));
        event("response.in_progress", "\"response\":" + response("in_progress", -1));
        event("response.output_item.added", "\"output_index\":0,\"item\":" + item("in_progress"));
        event("response.content_part.added", place() + ",\"part\":" + part(""));
    }

    private String place() {
        return OUTPUT + '"' + itemId + "\",\"content_index\":0";
    }

    @Override
    public void end(int cachedTokens) {
        if (!request.stream()) {
            byte[] body = response("completed", cachedTokens).toString().getBytes(StandardCharsets.UTF_8);
            reply.whole(200, "application/json", body);
            return;
        }
        ObjectNode part = part(choice.visible());
        event("response.output_text.done", place() + ",\"logprobs\":[],\"text\":" + part.get("text"));
        event("response.content_part.done", place() + ",\"part\":" + part);
        event("response.output_item.done", "\"output_index\":0,\"item\":" + item("completed"));
        event("response.completed", "\"response\":" + response("completed", cachedTokens));
        reply.endEvents();
    }

    @Override
    public void fail(EngineError error) {
        if (request.stream()) {
            reply.cut();
        } else {
            reply.error(error);
        }
    }

    private ObjectNode response(String status, int cachedTokens) {
        ObjectNode body = Json.object().put("id", request.id()).put("object", "response");
        body.put("created_at", stamp.created()).put("status", status).put("model", request.model());
        boolean done = status.equals("completed");
        var output = body.putArray("output");
        if (done) {
            output.add(item(status));
            ObjectNode usage = body.putObject("usage");
            usage.put("input_tokens", request.promptTokens());
            usage.putObject("input_tokens_details").put("cached_tokens", Math.max(0, stamp.told(cachedTokens)));
            usage.put("output_tokens", choice.total());
            usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
            usage.put("total_tokens", request.promptTokens() + choice.total());
        } else {
            body.putNull("usage");
        }
        body.put("parallel_tool_calls", true).put("tool_choice", "auto").putArray("tools");
        return body.putNull("error")
                .putNull("incomplete_details")
                .putNull("instructions")
                .putNull("metadata");
    }

    private ObjectNode item(String status) {
        ObjectNode item = Json.object().put("id", itemId).put("type", "message");
        item.put("role", "assistant").put("status", status);
        var content = item.putArray("content");
        if (status.equals("completed")) {
            content.add(part(choice.visible()));
        }
        return item;
    }

    private static ObjectNode part(String text) {
        ObjectNode part = Json.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        return part.putNull("logprobs");
    }

    private void event(String type, String fields) {
        String event = "event: " + type + "\ndata: {" + fields + ",\"sequence_number\":" + sequence++ + ",\"type\":\""
                + type + "\"}\n\n";
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        ByteBuf buffer = reply.alloc().buffer(bytes.length).writeBytes(bytes);
        reply.event(buffer);
    }
}
