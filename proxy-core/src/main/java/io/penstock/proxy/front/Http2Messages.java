package io.penstock.proxy.front;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/** Responses as HTTP/2 header sections (RFC 9113, section 8). Threading: pure functions. */
final class Http2Messages {

    private Http2Messages() {}

    /** The header section of a response, whose hop-by-hop fields are gone already. */
    static Http2Headers head(HttpResponse response) {
        Http2Headers fields = new DefaultHttp2Headers(false, response.headers().size() + 1);
        fields.status(response.status().codeAsText());
        return addAll(fields, response.headers());
    }

    /** A trailer section. */
    static Http2Headers trailers(HttpHeaders trailers) {
        return addAll(new DefaultHttp2Headers(false, trailers.size()), trailers);
    }

    private static Http2Headers addAll(Http2Headers fields, HttpHeaders headers) {
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            fields.add(AsciiString.of(header.getKey()).toLowerCase(), header.getValue());
        }
        return fields;
    }
}
