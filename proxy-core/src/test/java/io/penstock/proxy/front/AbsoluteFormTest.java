package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AbsoluteFormTest {

    @ParameterizedTest
    @CsvSource({
        "POST, http://r:80/v1/x?q=1, r:80, /v1/x?q=1",
        "POST, HTTP://R/v1/x, r, /v1/x",
        "POST, https://r/v1/x, R, /v1/x",
        "GET, http://r, r, /",
        "GET, http://r?q, r, /?q",
        "OPTIONS, http://r, r, *",
        "OPTIONS, http://r/, r, /",
        "GET, http://[::1]:8/x, [::1]:8, /x",
        "GET, /http://r/x, r, /http://r/x",
    })
    void thePathOfTheSameHostIsTaken(String method, String target, String host, String path) {
        HttpRequest request = request(method, target);
        request.headers().set("host", host);
        AbsoluteForm.resolve(request);
        assertThat(request.uri()).isEqualTo(path);
        assertThat(FramingGuard.problemOf(request, 100)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "http://other/x, r",
        "http://r:81/x, r:80",
        "http://u@r/x, r",
        "http:///x, r",
        "http://r\\@o/x, r",
        "http://r#x, r",
        "ftp://r/x, r",
        "http:/r/x, r",
    })
    void whatNamesAnotherHostOrNoneIsRefused(String target, String host) {
        HttpRequest request = request("GET", target);
        request.headers().set("host", host);
        AbsoluteForm.resolve(request);
        assertThat(FramingGuard.problemOf(request, 100)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"http://r/x"})
    void twoHostsAgreeWithNone(String target) {
        HttpRequest request = request("GET", target);
        request.headers().add("host", "r").add("host", "r");
        AbsoluteForm.resolve(request);
        assertThat(FramingGuard.problemOf(request, 100)).isNotNull();
    }

    private static HttpRequest request(String method, String target) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target);
    }
}
