package io.penstock.router.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyReaderTest {

    private static final String FORM = "multipart/form-data; boundary=\"xYzZY\"";

    private final BodyReader reader = new BodyReader(BodyFields.of(List.of()));

    private InferenceRequest read(String type, String body) throws ProxyFailure {
        return reader.read(new DefaultHttpHeaders().add("content-type", type), Unpooled.copiedBuffer(body, UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON; charset=utf-8",
                "application/vnd.api+json",
                "application/x-www-form-urlencoded",
                "text/plain"
            })
    void jsonIsReadWhateverItIsCalled(String type) throws ProxyFailure {
        assertThat(read(type, "{\"model\":\"m\"}").model()).isEqualTo("m");
    }

    @Test
    void onlyWhatClaimsToBeJsonMustBeJson() throws ProxyFailure {
        assertThatThrownBy(() -> read("application/json", "hello")).isInstanceOf(ProxyFailure.class);
        assertThat(read("text/plain", "hello").model()).isNull();
        assertThat(read("application/octet-stream", "{{{").model()).isNull();
    }

    @Test
    void withoutATypeABodyMustBeJson() {
        assertThatThrownBy(() -> reader.read(new DefaultHttpHeaders(), Unpooled.copiedBuffer("hello", UTF_8)))
                .isInstanceOf(ProxyFailure.class);
    }

    @Test
    void emptyAndCompressedBodiesAreLeftAlone() throws ProxyFailure {
        assertThat(read("application/json", "").model()).isNull();
        HttpHeaders compressed =
                new DefaultHttpHeaders().add("content-type", "application/json").add("content-encoding", "zstd");
        assertThat(reader.read(compressed, Unpooled.copiedBuffer("(bytes)", UTF_8))
                        .model())
                .isNull();
    }

    private static String part(String disposition, String content) {
        return "--xYzZY\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    @Test
    void theModelOfAFormIsFoundAfterTheFile() throws ProxyFailure {
        String form = part("name=\"file\"; filename=\"model\"", "\u0000binary --xYz \r\n\r\n name=\"model\"")
                + part("name=\"model\"", "whisper")
                + "--xYzZY--\r\n";

        assertThat(read(FORM, form).model()).isEqualTo("whisper");
    }

    @Test
    void theLastFieldOfAFormWinsAndIsRenamedAlone() throws ProxyFailure {
        String form = part("name=\"model\"", "a") + part("name=model", "b") + "--xYzZY--\r\n";
        ByteBuf body = Unpooled.copiedBuffer(form, UTF_8);
        InferenceRequest request = read(FORM, form);

        assertThat(request.model()).isEqualTo("b");
        assertThat(InferenceRequestTest.renamed(body, request, "large-v3"))
                .isEqualTo(part("name=\"model\"", "a") + part("name=model", "large-v3") + "--xYzZY--\r\n");
    }

    @Test
    void headersOfAPartAreReadByTheirRules() throws ProxyFailure {
        String form = "preamble\r\n--xYzZY\r\nContent-Type: text/plain\r\n"
                + "CONTENT-DISPOSITION: form-data; x=\"a;name=no\"; Name=\"model\"\r\n\r\nm\r\n--xYzZY--";

        assertThat(read(FORM, form).model()).isEqualTo("m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--xYzZY",
                "--xYzZY\r\n",
                "--xYzZY\r\nContent-Disposition: form-data; name=\"model\"",
                "--xYzZY\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nnever ends",
                "--other\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--other--",
                "no form at all"
            })
    void aBrokenFormHasNoModel(String form) throws ProxyFailure {
        assertThat(read(FORM, form).model()).isNull();
    }

    @Test
    void aFormOfCountlessPartsIsGivenUp() throws ProxyFailure {
        String form = part("name=\"x\"", "").repeat(100) + part("name=\"model\"", "m") + "--xYzZY--";

        assertThat(read(FORM, form).model()).isNull();
    }

    @Test
    void aFormWithoutABoundaryIsLeftToTheEngine() throws ProxyFailure {
        assertThat(read("multipart/form-data", "--x").model()).isNull();
    }
}
