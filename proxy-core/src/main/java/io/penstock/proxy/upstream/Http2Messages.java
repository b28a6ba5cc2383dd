package io.penstock.proxy.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/** Requests and responses as HTTP/2 frames (RFC 9113, section 8). Threading: pure functions. */
final class Http2Messages {

    private Http2Messages() {}

    /** Writes the request, taking its body over; the future tells when all of it was written, or why its head was not. */
    static ChannelFuture write(Http2StreamChannel channel, UpstreamRequest request, AsciiString scheme) {
        boolean bodyless = !request.body().isReadable();
        ChannelFuture head = channel.write(new DefaultHttp2HeadersFrame(headers(request, scheme), bodyless));
        if (bodyless || head.cause() != null) {
            request.body().release();
            channel.flush();
            return head;
        }
        return channel.writeAndFlush(new DefaultHttp2DataFrame(request.body(), true));
    }

    private static Http2Headers headers(UpstreamRequest request, AsciiString scheme) {
        Http2Headers headers = new DefaultHttp2Headers(false, request.headers().size() + 4)
                .method(request.method().asciiName())
                .scheme(scheme)
                .path(AsciiString.of(request.uri()));
        Iterator<Map.Entry<CharSequence, CharSequence>> all = request.headers().iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            AsciiString name = AsciiString.of(header.getKey()).toLowerCase();
            if (HttpHeaderNames.HOST.contentEquals(name)) {
                headers.authority(header.getValue());
            } else {
                headers.add(name, header.getValue());
            }
        }
        return headers;
    }

    /** The response head in HTTP/1.1 form. */
    static HttpResponse response(Http2HeadersFrame frame) throws Http2Exception {
        CharSequence status = frame.headers().status();
        if (status == null) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a response without :status");
        }
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpConversionUtil.parseStatus(status), trailers(frame.headers()));
    }

    /** Plain header fields, without pseudo-headers. */
    static HttpHeaders trailers(Http2Headers fields) {
        HttpHeaders plain =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            if (!Http2Headers.PseudoHeaderName.hasPseudoHeaderFormat(field.getKey())) {
                plain.add(field.getKey(), field.getValue());
            }
        }
        return plain;
    }
}
