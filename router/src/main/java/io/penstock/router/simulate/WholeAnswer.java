package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.proxy.runtime.LoopConfined;

/** An answer of chat or completions in one body. Threading: loop-confined. */
@LoopConfined
final class WholeAnswer implements Answer {

    private final GenerationRequest request;
    private final boolean chat;
    private final Reply reply;
    private final AnswerStamp stamp;

    WholeAnswer(GenerationRequest request, boolean chat, Reply reply, AnswerStamp stamp) {
        this.request = request;
        this.chat = chat;
        this.reply = reply;
        this.stamp = stamp;
    }

    @Override
    public void accepted() {
        // nothing is sent before the end
    }

    @Override
    public void step(int number) {
        // the choices know all their tokens already
    }

    @Override
    public void end(int cachedTokens) {
        ObjectNode body = stamp.start(request.id(), chat ? "chat.completion" : "text_completion", request.model());
        ArrayNode choices = body.putArray("choices");
        for (Choice choice : request.choices()) {
            ObjectNode one = choices.addObject().put("index", choice.index());
            if (chat) {
                message(one.putObject("message"), choice.visible());
            } else {
                one.put("text", choice.visible());
            }
            one.putNull("logprobs").put("finish_reason", choice.finishReason());
            one.put("stop_reason", choice.stopReason()).putNull("token_ids");
        }
        body.putNull("service_tier").put("system_fingerprint", stamp.fingerprint());
        new Usage(request.promptTokens(), request.completionTokens()).into(body, stamp.told(cachedTokens));
        body.putNull("prompt_logprobs").putNull("prompt_token_ids");
        body.set("kv_transfer_params", stamp.kv().params());
        reply.whole(200, "application/json", Json.bytes(body));
    }

    private static void message(ObjectNode message, String content) {
        message.put("role", "assistant").put("content", content);
        message.putNull("refusal").putNull("annotations").putNull("audio").putNull("function_call");
        message.putArray("tool_calls");
        message.putNull("reasoning");
    }

    @Override
    public void fail(EngineError error) {
        reply.error(error);
    }
}
