package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.dns.DnsRecordType;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Engines come and go in the DNS, and clients do not notice. */
final class DnsDiscoveryIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String SERVICE = "_http._tcp.vllm.test.";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final FakeNameServer names = FakeNameServer.start();

    @AfterEach
    void closeNameServer() {
        names.close();
    }

    private RouterUnderTest start(String keys) {
        return router.start(new RouterSetup()
                .pool("discovery", "{ dns: { " + keys + ", nameServers: [\"" + names.address() + "\"] } }"));
    }

    private static String local(FakeEngine engine) {
        return "localhost:" + engine.port();
    }

    private static JsonNode discovery(RouterUnderTest under) {
        return OpenAiErrors.parse(under.admin("/fleet")).at("/pools/0/discovery");
    }

    private static String served(RouterUnderTest under) throws IOException {
        try (RawClient client = RawClient.connect(under.port())) {
            return client.post(PATH, BODY).readResponse().text();
        }
    }

    @Test
    void anAddressIsAnEngine() throws IOException {
        FakeEngine engine = router.engine();
        names.addresses("vllm.test.", new byte[] {127, 0, 0, 1});
        RouterUnderTest under = start("name: vllm.test., port: " + engine.port());
        under.awaitState(engine.name(), "ready");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
    }

    @Test
    void aFailureForOneKindOfAddressIsNoReasonToTakeTheOther() throws IOException {
        FakeEngine engine = router.engine();
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        names.addresses("vllm.test.", new byte[] {127, 0, 0, 1});
        names.addresses6("vllm.test.", loopback6);
        RouterUnderTest under = start("name: vllm.test., port: " + engine.port());
        under.awaitState(engine.name(), "ready");
        names.fails(DnsRecordType.A);
        await().until(() -> under.metric("penstock_discovery_stale", "source=\"dns\"") == 1);
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        assertThat(under.admin("/fleet")).doesNotContain("[0:0:0:0:0:0:0:1]", "[::1]");
    }

    @Test
    void aStreamRunsOnFromAnEngineWhoseRecordIsGone() throws IOException {
        Gate more = new Gate();
        FakeEngine leaving = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(more).event("2").end();
        });
        FakeEngine next = router.engine();
        names.services(SERVICE, leaving.port());
        RouterUnderTest under = start("name: " + SERVICE + ", records: srv");
        under.awaitState(local(leaving), "ready");
        RawClient running = router.client(under).post(PATH, BODY);
        WireHead head = running.readHead();
        assertThat(new String(running.readChunk(), UTF_8)).isEqualTo("data: 1\n\n");

        names.services(SERVICE, next.port());
        under.awaitState(local(leaving), "draining");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        more.open();
        assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 2\n\n");
        under.awaitState(local(leaving), "absent");
    }

    @Test
    void aNameThatIsGoneIsToldAndItsEnginesKept() throws IOException {
        FakeEngine engine = router.engine();
        names.services(SERVICE, engine.port());
        RouterUnderTest under = start("name: " + SERVICE + ", records: srv");
        under.awaitState(local(engine), "ready");
        names.services(SERVICE);
        await().until(() -> under.metric("penstock_discovery_stale", "source=\"dns\"") == 1);
        assertThat(discovery(under).path("problem").asText()).isEqualTo("the name has no SRV records: NXDomain(3)");
        assertThat(served(under)).isEqualTo("{\"ok\":true}");
        names.services(SERVICE, engine.port());
        await().until(() -> under.metric("penstock_discovery_stale", "source=\"dns\"") == 0);
    }

    @Test
    void anAnswerThatIsNotWholeIsNone() throws IOException {
        FakeEngine first = router.engine();
        FakeEngine second = router.engine();
        names.services(SERVICE, first.port(), second.port());
        RouterUnderTest under = start("name: " + SERVICE + ", records: srv");
        under.awaitState(local(second), "ready");
        names.truncates(SERVICE);
        await().until(() -> under.metric("penstock_discovery_stale", "source=\"dns\"") == 1);
        assertThat(discovery(under).path("problem").asText())
                .isEqualTo("the answer is too long for UDP, and over TCP there was none");
        assertThat(under.state(local(first))).isEqualTo("ready");
        assertThat(under.state(local(second))).isEqualTo("ready");

        names.answerOverTcp();
        FakeEngine third = router.engine();
        names.services(SERVICE, first.port(), second.port(), third.port());
        under.awaitState(local(third), "ready");
        assertThat(under.state(local(first))).isEqualTo("ready");
        assertThat(under.metric("penstock_discovery_stale", "source=\"dns\"")).isZero();
    }

    @Test
    void anEngineIsServedWhileANameServerIsSilent() throws IOException {
        FakeEngine engine = router.engine();
        names.services(SERVICE, engine.port());
        RouterUnderTest under = start("name: " + SERVICE + ", records: srv");
        under.awaitState(local(engine), "ready");
        names.silent(true);
        await().until(() -> under.metric("penstock_discovery_age_seconds", "chat") > 2);
        assertThat(served(under)).as("no loop waits for it").isEqualTo("{\"ok\":true}");
        names.silent(false);
        await().until(() -> under.metric("penstock_discovery_age_seconds", "chat") < 2);
    }
}
