package io.penstock.it;

/** Events of a chat's stream as vLLM writes them. Threading: immutable. */
final class ChatChunks {

    static final String DONE = "data: [DONE]\n\n";

    static final String USAGE =
            "data: {\"id\":\"chatcmpl-r1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                    + "\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"total_tokens\":7,\"completion_tokens\":2}}\n\n";

    static final String ERROR =
            "data: {\"error\":{\"message\":\"Internal server error\",\"type\":\"InternalServerError\","
                    + "\"param\":null,\"code\":500}}\n\n";

    private ChatChunks() {}

    static String role(int choice) {
        return chunk(choice, "{\"role\":\"assistant\",\"content\":\"\"}", "null");
    }

    static String token(int choice, String text) {
        return chunk(choice, "{\"content\":\"" + text + "\"}", "null");
    }

    static String token(String text) {
        return token(0, text);
    }

    static String finish(int choice) {
        return chunk(choice, "{\"content\":\"\"}", "\"stop\"");
    }

    static String toolStart(int call) {
        return chunk(
                0,
                "{\"tool_calls\":[{\"index\":" + call + ",\"id\":\"call_" + call
                        + "\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "null");
    }

    static String arguments(int call, String text) {
        return chunk(
                0, "{\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":\"" + text + "\"}}]}", "null");
    }

    private static String chunk(int choice, String delta, String finishReason) {
        return "data: {\"id\":\"chatcmpl-r1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\","
                + "\"choices\":[{\"index\":" + choice + ",\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":"
                + finishReason + "}]}\n\n";
    }
}
