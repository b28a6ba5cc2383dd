package io.penstock.router.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON string tokens to text and back; the only place where the bytes of a body are decoded. Threading: any thread. */
final class JsonStrings {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonStrings() {}

    /** The text of the string token in this range of the body, quotes included. */
    static String decode(ByteBuf body, ByteRange token) throws ProxyFailure {
        byte[] bytes = ByteBufUtil.getBytes(body, body.readerIndex() + token.start(), token.length(), false);
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST,
                    "The request body is not valid JSON: the string at byte " + token.start()
                            + " holds a malformed escape.");
        }
    }

    /** The string token for a text, quotes included. */
    static byte[] encode(String text) {
        byte[] inner = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        byte[] token = new byte[inner.length + 2];
        token[0] = '"';
        System.arraycopy(inner, 0, token, 1, inner.length);
        token[token.length - 1] = '"';
        return token;
    }

    /** Plain bytes of the body as text. */
    static String plain(ByteBuf body, int start, int end) {
        return body.toString(body.readerIndex() + start, end - start, StandardCharsets.UTF_8);
    }
}
