package io.penstock.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.RouterMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The status page's files and its event stream, as bytes. */
final class StatusPagesTest {

    private static final Build BUILD = new Build("1.2.3", "17", "4.2");
    private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"([^\"]+)\"|from \"\\./([^\"]+)\"");

    private final SomeFleet fleet = new SomeFleet();
    private final ArrayDeque<Runnable> worker = new ArrayDeque<>();
    private final List<EmbeddedChannel> opened = new ArrayList<>();
    private final List<AdminPage> pages = pages();

    private List<AdminPage> pages() {
        var life = AdminPages.Life.from(BUILD, new ManualTicker(), () -> false);
        return AdminPages.of(fleet, List::of, new RouterMetrics(fleet, BUILD, "nio"), life);
    }

    private EmbeddedChannel connection() {
        var made = new EmbeddedChannel();
        opened.add(made);
        made.config().setAutoRead(false);
        AdminServer.addHandlers(made.pipeline(), pages, worker::add);
        made.pipeline().fireChannelActive();
        return made;
    }

    @AfterEach
    void nothingIsLeftBehind() {
        opened.forEach(EmbeddedChannel::finishAndReleaseAll);
    }

    private static String send(EmbeddedChannel channel, String method, String target, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        channel.writeInbound(Unpooled.copiedBuffer(
                method + " " + target + " HTTP/1.1\r\nhost: x\r\n" + lines + "\r\n", StandardCharsets.UTF_8));
        return written(channel);
    }

    private static String written(EmbeddedChannel channel) {
        var text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString();
    }

    private String get(String target, String... headers) {
        return send(connection(), "GET", target, headers);
    }

    private static String header(String response, String name) {
        return response.lines()
                .filter(line -> line.startsWith(name + ": "))
                .findFirst()
                .map(line -> line.substring(name.length() + 2))
                .orElse("");
    }

    static List<String> files() {
        return StatusFiles.pages().stream().map(AdminPage::path).toList();
    }

    @Test
    void thePageIsAtTheRoot() {
        assertThat(get("/"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-type: text/html; charset=utf-8\r\n")
                .contains("\r\n\r\n<!doctype html>");
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileMayBeKeptButIsAskedForEachTime(String path) {
        String response = get(path);
        String tag = header(response, "etag");

        assertThat(response).startsWith("HTTP/1.1 200 OK").contains("cache-control: no-cache\r\n");
        assertThat(tag).matches("\"[0-9a-f]+\"");
        assertThat(get(path, "if-none-match: \"other\", W/" + tag))
                .startsWith("HTTP/1.1 304 ")
                .contains("etag: " + tag)
                .doesNotContain("content-length")
                .endsWith("\r\n\r\n");
        assertThat(get(path, "if-none-match: \"other\"")).startsWith("HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @MethodSource("files")
    void headTellsTheLengthAndNoFileMayLoadAnythingFromElsewhere(String path) {
        String response = send(connection(), "HEAD", path);

        assertThat(response).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\n");
        assertThat(Integer.parseInt(header(response, "content-length"))).isPositive();
        assertThat(header(response, "content-security-policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .doesNotContain("unsafe");
        assertThat(header(response, "x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void whateverThePageAndItsScriptsNameIsThere() {
        List<String> named = new ArrayList<>();
        for (String path : files()) {
            if (!path.contains("uplot")) {
                NAMED.matcher(get(path))
                        .results()
                        .forEach(found ->
                                named.add(found.group(1) == null ? "status/" + found.group(2) : found.group(1)));
            }
        }
        assertThat(named).contains("status/uplot.js", "status/charts.js", "metrics");
        assertThat(named)
                .allSatisfy(
                        path -> assertThat(pages).anyMatch(page -> page.path().equals("/" + path)));
    }

    @Test
    void nothingIsInlineThatThePolicyWouldRefuse() {
        assertThat(get("/")).doesNotContainPattern("<script(?![^>]* src=)|<style|style=\"|onclick|javascript:");
    }

    @Test
    void anUnknownFileIsNotFoundAndNothingIsPosted() {
        assertThat(get("/status/other.js")).startsWith("HTTP/1.1 404 ").doesNotContain("/status/status.js");
        assertThat(get("/status/../status/status.js")).startsWith("HTTP/1.1 404 ");
        assertThat(send(connection(), "POST", "/")).startsWith("HTTP/1.1 405 ").contains("allow: GET\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "uplot.js,19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
        "uplot.css,df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"
    })
    void uPlotIsAsItWasPublished(String file, String sha256) throws Exception {
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content(file))))
                .isEqualTo(sha256);
    }

    private static byte[] content(String file) throws IOException {
        try (InputStream in = StatusFiles.class.getResourceAsStream("status/" + file)) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void theStreamBeginsAtOnceAndGoesOn() {
        EmbeddedChannel channel = connection();

        assertThat(send(channel, "GET", "/status/events"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-type: text/event-stream\r\n")
                .contains("cache-control: no-store\r\n")
                .doesNotContain("content-length")
                .endsWith("\r\n\r\nretry: 2000\n\n");
        channel.runPendingTasks();
        worker.remove().run();
        channel.runPendingTasks();

        assertThat(written(channel)).startsWith("data: {\"version\":\"1.2.3\"").endsWith("}\n\n");
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.pipeline().get(ReadTimeoutHandler.class))
                .as("a watcher says nothing for long")
                .isNull();
    }

    @Test
    void aStreamAskedForByHeadDoesNotBegin() {
        EmbeddedChannel channel = connection();

        assertThat(send(channel, "HEAD", "/status/events"))
                .startsWith("HTTP/1.1 200 OK")
                .contains("content-type: text/event-stream\r\n");
        assertThat(send(channel, "GET", "/livez")).endsWith("alive\n");
        assertThat(worker).isEmpty();
    }

    @Test
    void whoAsksForMoreOnAStreamIsCutOff() {
        EmbeddedChannel channel = connection();
        var unused = send(channel, "GET", "/status/events");

        assertThat(send(channel, "GET", "/livez")).doesNotContain("alive");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void tooManyWatchersAreRefused() {
        for (int i = 0; i < Watchers.MAX; i++) {
            assertThat(get("/status/events")).startsWith("HTTP/1.1 200 ");
        }
        assertThat(get("/status/events")).startsWith("HTTP/1.1 503 ").contains("too_many_watchers");
        assertThat(send(connection(), "HEAD", "/status/events")).startsWith("HTTP/1.1 503 ");

        opened.get(0).close();

        assertThat(get("/status/events")).startsWith("HTTP/1.1 200 ");
    }
}
