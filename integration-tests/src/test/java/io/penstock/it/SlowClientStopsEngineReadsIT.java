package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that stops reading must stop the engine, not fill the router's memory. */
final class SlowClientStopsEngineReadsIT {

    private static final int PIECE = 16 << 10;
    private static final int PIECES = 2048;

    /** What the kernel's and the router's buffers on the way may hold together, far below the response's 32 MiB. */
    private static final int BOUND = 8 << 20;

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void engineIsHeldBackAndThenEveryByteArrives(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            for (int i = 0; i < PIECES; i++) {
                turn.data(piece(i));
            }
            turn.end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient slow = router.closing(RawClient.connect(under.port(), 32 << 10));
        WireHead head = slow.post("/v1/completions", "{\"model\":\"m\"}").readHead();

        long accepted = awaitStandstill(engine);
        assertThat(accepted).isLessThan(BOUND);

        byte[] body = slow.readBody(head);
        assertThat(body).hasSize(PIECE * PIECES);
        for (int i = 0; i < PIECES; i++) {
            assertThat(Arrays.equals(body, i * PIECE, (i + 1) * PIECE, piece(i), 0, PIECE))
                    .as("piece %d", i)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneSlowClientDoesNotSlowAnother(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            boolean slow = turn.request().text().contains("slow");
            turn.respond(200, "content-type: application/octet-stream");
            for (int i = 0; i < (slow ? PIECES : 4); i++) {
                turn.data(piece(i));
            }
            turn.end();
        });
        RouterUnderTest under = router.start(engine);
        for (int i = 0; i < 8; i++) {
            RawClient slow = router.closing(RawClient.connect(under.port(), 32 << 10));
            slow.post("/v1/completions", "{\"model\":\"m\",\"user\":\"slow\"}").readHead();
        }
        awaitStandstill(engine);
        for (int i = 0; i < 8; i++) {
            RawClient quick = router.client(under);
            assertThat(quick.post("/v1/completions", "{\"model\":\"m\"}")
                            .readResponse()
                            .bytes())
                    .hasSize(4 * PIECE);
        }
    }

    /** Waits until the engine's connection takes nothing more; returns what it took. */
    private static long awaitStandstill(ScriptedEngine engine) {
        await().pollInterval(Duration.ofMillis(150)).until(new java.util.concurrent.Callable<>() {
            private long before = -1;

            @Override
            public Boolean call() {
                long now = engine.journal().bytesWritten();
                boolean still = now > 0 && now == before;
                before = now;
                return still;
            }
        });
        return engine.journal().bytesWritten();
    }

    private static byte[] piece(int number) {
        byte[] piece = new byte[PIECE];
        Arrays.fill(piece, (byte) number);
        piece[0] = (byte) (number >>> 8);
        return piece;
    }
}
