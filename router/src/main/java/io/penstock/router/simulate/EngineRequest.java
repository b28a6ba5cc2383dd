package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request to the simulated engine. Threading: loop-confined; the body is borrowed and valid only during the call.
 *
 * @param method the method
 * @param path the path without its query
 * @param query the query's parameters
 * @param headers the headers
 * @param body the whole body
 * @param fault what is to go wrong
 */
record EngineRequest(
        HttpMethod method,
        String path,
        Map<String, List<String>> query,
        HttpHeaders headers,
        ByteBuf body,
        Fault fault) {

    static EngineRequest of(FullHttpRequest request, Fault fault) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        return new EngineRequest(
                request.method(), uri.path(), uri.parameters(), request.headers(), request.content(), fault);
    }

    /** The first value of a query parameter. */
    String parameter(String name, String otherwise) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? otherwise : values.get(0);
    }

    /** The id of the request: header, then body, then a fresh one. */
    String id(Fields fields) {
        String header = headers.get("x-request-id");
        if (header != null) {
            return header;
        }
        String inBody = fields.textOrNull("request_id");
        return inBody != null ? inBody : freshId();
    }

    /** An id nobody had before. */
    static String freshId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * The body's fields.
     *
     * @throws RequestRefused if the content type is not JSON, or the body is no JSON object
     */
    Fields fields() {
        if (!isJson(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
            throw new RequestRefused(
                    EngineError.badRequest("Unsupported Media Type: Only 'application/json' is allowed", null));
        }
        if (parsed() instanceof ObjectNode object) {
            return new Fields(object);
        }
        throw new RequestRefused(EngineError.schema("model_attributes_type", "", "Input should be a valid dictionary"));
    }

    private JsonNode parsed() {
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw new RequestRefused(EngineError.schema("json_invalid", "", "JSON decode error"));
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.trim().toLowerCase(Locale.ROOT).equals("application/json");
    }
}
