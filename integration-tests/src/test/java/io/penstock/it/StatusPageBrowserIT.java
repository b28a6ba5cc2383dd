package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The status page as a browser shows it; left out where there is no Chromium. */
final class StatusPageBrowserIT {

    private static final String HOSTILE = "<b id=hostile>m</b>";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path profile;

    @TempDir
    private Path folder;

    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        browser = Browser.start(profile);
    }

    @AfterEach
    void end() {
        browser.close();
    }

    private void awaitShown(String expression, String value) {
        await().alias(expression)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(browser.eval(expression)).isEqualTo(value));
    }

    private static String text(String selector) {
        return "document.querySelector(`" + selector + "`)?.textContent";
    }

    @Test
    void theRouterIsShownAsItIsAndAsItChanges() throws Exception {
        Gate finish = new Gate();
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("{\"a\":1}").await(finish).end();
        });
        FakeEngine sick = router.engine().healthy(false);
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engine, sick).pool("models", "[\"" + HOSTILE + "\"]"));
        under.awaitState(engine.name(), "ready");
        under.awaitState(sick.name(), "down");
        browser.look(1280, 900, "light");
        browser.open(under.adminUrl() + "/");

        awaitShown(text("#standing"), "ready");
        assertThat(browser.eval("document.title")).isEqualTo("Penstock: ready");
        assertThat(browser.eval(text("#engines b"))).isEqualTo("1");
        assertThat(browser.eval(text("#engines .beside"))).isEqualTo("of 2");
        assertThat(browser.eval("document.querySelector('#engines').dataset.tone"))
                .isEqualTo("warn");
        assertThat(browser.eval(text(".pool h2"))).isEqualTo("chat");
        assertThat(browser.eval(text("tbody tr:first-child .name"))).isEqualTo(sick.name());
        assertThat(browser.eval(text("tbody tr:first-child .state"))).isEqualTo("down");
        assertThat(browser.eval(text("tbody tr:last-child .state"))).isEqualTo("ready");
        assertThat(browser.eval(text(".pool .facts"))).contains(HOSTILE);
        assertThat(browser.eval("document.querySelectorAll('#hostile').length")).isEqualTo("0");
        assertThat(browser.eval(text("#first-token b"))).isEqualTo("–");
        assertThat(browser.eval(text("#waiting .beside"))).isEqualTo("nobody may wait");

        RawClient client =
                router.client(under).post("/v1/completions", "{\"model\":\"" + HOSTILE + "\",\"stream\":true}");
        var unused = client.readHead();
        awaitShown(text("#in-flight b"), "1");
        awaitShown(text("tbody tr:last-child .in-flight"), "1");
        finish.open();
        awaitShown(text("#in-flight b"), "0");
        awaitShown(text("#first-token .unit") + " !== ''", "true");
        awaitShown("document.querySelectorAll('.u-over').length", "8");
        awaitShown(painted("#engines"), "true");

        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).allMatch(url -> url.startsWith(under.adminUrl() + "/"));
    }

    private static String painted(String tile) {
        return "(() => { const canvas = document.querySelector('" + tile + " canvas');"
                + " return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(each => each > 0)"
                + " })()";
    }

    @Test
    void aPhoneAtNightSeesAllOfItWithoutScrollingAside() throws Exception {
        RouterUnderTest under = router.start(new RouterSetup()
                .engine("http://an-engine-with-a-very-long-name.in-some-namespace.svc.cluster.local:8000", "http1")
                .engines(router.engine()));
        browser.look(390, 844, "dark");
        browser.open(under.adminUrl() + "/");

        awaitShown("document.querySelectorAll('tbody tr').length", "2");
        assertThat(browser.eval("document.documentElement.scrollWidth")).isEqualTo("390");
        assertThat(browser.eval("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(14, 18, 22)");
        browser.look(390, 844, "light");
        awaitShown("getComputedStyle(document.body).backgroundColor", "rgb(244, 246, 248)");
    }

    @Test
    void howEnginesAreFoundAndWhatTheyAreForIsShown() throws Exception {
        Path file = folder.resolve("engines.yaml");
        RouterUnderTest under = router.start("""
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, settleTime: 0s }
                pools:
                  - name: pd
                    models: [m]
                    prefill: { discovery: { file: "%s" } }
                    decode: { engines: ["%s"] }
                    disaggregation: { protocol: vllm-nixl }
                """.formatted(file, router.engine().url()));
        browser.look(1280, 900, "light");
        browser.open(under.adminUrl() + "/");
        awaitShown(text(".pool:last-child h2"), "pd/prefill");
        awaitShown(text(".pool:last-child .facts") + ".split(' · ')[0]", "prefill");
        awaitShown(text(".pool:first-child .facts") + ".split(' · ')[0]", "decode");
        awaitShown(text(".pool:last-child .place"), "found by file " + file);
        Files.writeString(file, "engines: [\"" + router.engine().url() + "\"]\n");
        awaitShown(
                text(".pool:last-child .place") + ".replace(/changed .* ago/, 'changed')",
                "found by file " + file + " · changed");
        assertThat(browser.eval(text(".pool:last-child .problem"))).isEmpty();
        assertThat(browser.eval("document.querySelector('.pool:first-child .found').hidden"))
                .isEqualTo("true");

        Files.writeString(file, "engines: nothing\n");
        awaitShown(text(".pool:last-child .problem") + " !== ''", "true");
        assertThat(browser.eval(text(".pool:last-child .problem"))).contains("engines");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aPageThatLosesItsRouterSaysSo() throws Exception {
        RouterUnderTest under = router.start(router.engine());
        browser.look(1280, 900, "light");
        browser.open(under.adminUrl() + "/");
        awaitShown(text("#standing"), "ready");

        under.close();

        awaitShown(text("#standing"), "no connection");
        assertThat(browser.eval("document.body.classList.contains('stale')")).isEqualTo("true");
    }
}
