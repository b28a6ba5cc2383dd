package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An HTTP/2 engine that announces its leave must cost nobody a request. */
final class GoAwayDrainsWithoutErrorIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void runningStreamsFinishAndNewRequestsTakeAnotherConnection() throws IOException {
        Gate told = new Gate();
        Gate finish = new Gate();
        FakeH2Engine engine = router.h2Engine().nextH2(turn -> {
            turn.request();
            turn.eventStream().event("1");
            turn.goAway(turn.id());
            told.open();
            turn.await(finish).event("2");
            turn.end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient running = router.client(under).post("/v1/completions", BODY);
        WireHead head = running.readHead();
        told.await();

        assertThat(router.client(under)
                        .post("/v1/completions", BODY)
                        .readResponse()
                        .status())
                .isEqualTo(200);
        finish.open();
        assertThat(new String(running.readBody(head), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\ndata: 2\n\n");
        engine.journal().awaitConnectionsClosed(1);
        assertThat(engine.journal().requests()).hasSize(2);
    }

    @Test
    void aStreamTheEngineDidNotTakeIsSentAgain() throws IOException {
        FakeH2Engine gone = router.h2Engine().answeringH2(turn -> {
            turn.goAway(0);
            turn.awaitPeerLeft();
        });
        FakeH2Engine other = router.h2Engine();
        RouterUnderTest under = router.start(gone, other);
        for (int i = 0; i < 2; i++) {
            assertThat(router.client(under)
                            .post("/v1/completions", BODY)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(other.journal().requests()).isNotEmpty();
    }

    @Test
    void aRefusedStreamIsSentAgain() throws IOException {
        FakeH2Engine full = router.h2Engine().answeringH2(turn -> {
            turn.request();
            turn.refuse();
        });
        FakeH2Engine other = router.h2Engine();
        RouterUnderTest under = router.start(full, other);
        for (int i = 0; i < 4; i++) {
            assertThat(router.client(under)
                            .post("/v1/completions", BODY)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(other.journal().requests()).hasSize(4);
        assertThat(full.journal().requests()).isNotEmpty();
    }
}
