package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine that answers before it read the request leaves a connection whose next bytes nobody could trust. */
final class EarlyAnswerClosesConnectionIT {

    private static final String SMALL = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void theAnswerArrivesAndTheConnectionIsNotReused() throws IOException {
        Gate reads = new Gate();
        FakeEngine engine = router.engine().holdingReadsAfter(1 << 10, reads).nextRaw(turn -> {
            turn.respond(413, "content-type: application/json", "content-length: 2")
                    .data("{}");
        });
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under).post("/v1/completions", large());
        RawResponse early = client.readResponse();
        assertThat(early.status()).isEqualTo(413);
        assertThat(early.text()).isEqualTo("{}");

        reads.open();
        engine.journal().awaitConnectionsClosed(1);
        assertThat(client.post("/v1/completions", SMALL).readResponse().status())
                .isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
        assertThat(engine.journal().requests()).hasSize(1);
    }

    @Test
    void anAnswerFollowedByResetStillArrives() throws IOException {
        Gate reads = new Gate();
        Gate answered = new Gate();
        FakeEngine engine = router.engine().holdingReadsAfter(1 << 10, reads).nextRaw(turn -> {
            turn.respond(400, "content-type: application/json", "content-length: 2", "connection: close")
                    .data("{}");
            answered.await();
            turn.reset();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/completions", large());
        assertThat(client.readResponse().status()).isEqualTo(400);
        answered.open();
        reads.open();
        assertThat(client.post("/v1/completions", SMALL).readResponse().status())
                .isEqualTo(200);
    }

    @Test
    void anAnswerBeforeTheBodyOnHttp2EndsOnlyItsStream() throws IOException {
        FakeH2Engine engine = router.h2Engine().readingBodies(false).next(turn -> {
            turn.respond(400, "content-type: application/json").data("{}").end();
            turn.awaitPeerLeft();
        });
        RawClient client = router.client(router.start(engine));
        assertThat(client.post("/v1/completions", large()).readResponse().status())
                .isEqualTo(400);
        engine.journal().awaitAborts(1);
        engine.readingBodies(true);
        assertThat(client.post("/v1/completions", SMALL).readResponse().status())
                .isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    private static String large() {
        return "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(16 << 20) + "\"}";
    }
}
