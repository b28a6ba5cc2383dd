package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * A refusal in vLLM's words: {@code {"error":{"message","type","param","code"}}} with the HTTP status as {@code code}.
 * Threading: immutable.
 *
 * @param status the HTTP status, unless the answer's head has gone out already
 * @param type vLLM's name of the error
 * @param message for people
 * @param param the field at fault
 */
record EngineError(
        int status, String type, String message, @Nullable String param) {

    /** The body breaks the schema; the type really has a blank in it. */
    static EngineError schema(String type, String field, String message) {
        String detail = "{'type': '%s', 'loc': ('body', '%s'), 'msg': '%s'}".formatted(type, field, message);
        return new EngineError(400, "Bad Request", "1 validation error:\n  " + detail, null);
    }

    /** The body keeps the schema, but its content cannot be served. */
    static EngineError badRequest(String message, @Nullable String param) {
        return new EngineError(400, "BadRequestError", message, param);
    }

    static EngineError unknownModel(String model) {
        return new EngineError(404, "NotFoundError", "The model `" + model + "` does not exist.", "model");
    }

    /** What the engine says when a request dies inside. */
    static EngineError internal() {
        return new EngineError(500, "InternalServerError", "Internal server error", null);
    }

    /** Any other status, with its reason phrase as type. */
    static EngineError ofStatus(int status, String message) {
        return new EngineError(status, HttpResponseStatus.valueOf(status).reasonPhrase(), message, null);
    }

    ObjectNode json() {
        ObjectNode root = Json.object();
        ObjectNode error = root.putObject("error");
        error.put("message", message).put("type", type);
        error.put("param", param).put("code", status);
        return root;
    }
}
