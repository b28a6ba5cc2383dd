package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command that is told to end by SIGTERM has done its work: its exit code is 0, and not that of a crash. */
final class TerminationIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "simulated engine, simulate --port 0",
        "clients on,       serve --port 0 --engines http://127.0.0.1:1",
    })
    void sigtermEndsWith0AsSoonAsAnythingIsPrinted(String runs, String command)
            throws IOException, InterruptedException {
        try (RunningProcess process = RunningProcess.start(command.split(" "))) {
            process.awaitLine(runs);
            process.signal("TERM");
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
    }

    @Test
    void aSignalDuringTheStartEndsAtOnce() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        // the pipe opens when the router reads it, which then waits for its configuration
        try (RunningProcess process = RunningProcess.start("serve", "-c", pipe.toString());
                OutputStream writing = Files.newOutputStream(pipe)) {
            writing.flush();
            process.signal("TERM");
            assertThat(process.exitCode()).as(process.output()).isEqualTo(143);
        }
    }

    @Test
    void whereSighupIsIgnoredTheLogSaysSo() throws IOException, InterruptedException {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(
                file, new RouterSetup().engine("http://127.0.0.1:1", "http1").yaml());
        try (RunningProcess process = RunningProcess.startUnderNohup("serve", "-c", file.toString())) {
            process.awaitLine("SIGHUP is not taken");
            process.awaitLine("is ready");
            process.signal("TERM");
            assertThat(process.exitCode()).as(process.output()).isZero();
        }
    }

    private RunningProcess serve(FakeEngine engine, String settleTime, String drainTimeout) throws IOException {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(
                file,
                new RouterSetup()
                        .engines(engine)
                        .server("settleTime", settleTime)
                        .server("drainTimeout", drainTimeout)
                        .yaml());
        return RunningProcess.start("serve", "-c", file.toString());
    }

    private static FakeEngine streaming(Gate finish) {
        return FakeEngine.start().answering(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
    }

    @Test
    void requestsAreTakenWhileTheRouterSettlesAndStreamsFinish() throws IOException, InterruptedException {
        Gate finish = new Gate();
        try (FakeEngine engine = streaming(finish);
                RunningProcess process = serve(engine, "2s", "30s");
                RawClient idle = RawClient.connect(process.port(1));
                RawClient running = RawClient.connect(process.port(1))) {
            process.awaitLine("is ready");
            WireHead head = running.post(PATH, BODY).readHead();
            running.readChunk();
            process.signal("TERM");
            process.awaitLine("not ready any more");
            assertThat(ready(process)).isEqualTo(503);
            try (RawClient late = RawClient.connect(process.port(1))) {
                assertThat(late.get("/health").readResponse().status()).isEqualTo(200);
            }
            process.awaitLine("draining: ");
            assertThat(idle.isClosedByRouter()).isTrue();
            await().until(() -> refusesConnections(process.port(1)));
            assertThat(process.isRunning()).isTrue();
            finish.open();
            assertThat(new String(running.readBody(head), UTF_8)).isEqualTo("data: 2\n\n");
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsAtOnceAndHonestly() throws IOException, InterruptedException {
        Gate never = new Gate();
        try (FakeEngine engine = streaming(never);
                RunningProcess process = serve(engine, "10m", "24h");
                RawClient running = RawClient.connect(process.port(1))) {
            process.awaitLine("is ready");
            running.post(PATH, BODY).readHead();
            running.readChunk();
            process.signal("TERM");
            process.awaitLine("not ready any more");
            process.signal("INT");
            String event = new String(running.readChunk(), UTF_8);
            assertThat(event).startsWith("data: ");
            OpenAiErrors.assertError(event.substring(6), FailureKind.DRAINING);
            assertThat(process.exitCode()).as("128 and the number of SIGINT").isEqualTo(130);
            never.open();
        }
    }

    @Test
    void aSecondSignalEndsADrainToo() throws IOException, InterruptedException {
        Gate never = new Gate();
        try (FakeEngine engine = streaming(never);
                RunningProcess process = serve(engine, "0s", "24h");
                RawClient running = RawClient.connect(process.port(1))) {
            process.awaitLine("is ready");
            running.post(PATH, BODY).readHead();
            running.readChunk();
            process.signal("TERM");
            process.awaitLine("draining: ");
            process.signal("TERM");
            assertThat(new String(running.readChunk(), UTF_8)).contains("draining");
            assertThat(process.exitCode()).isEqualTo(143);
            never.open();
        }
    }

    private static int ready(RunningProcess process) throws IOException {
        try (RawClient admin = RawClient.connect(process.port(2))) {
            return admin.get("/readyz", "connection: close").readResponse().status();
        }
    }

    private static boolean refusesConnections(int port) throws IOException {
        try {
            RawClient.connect(port).close();
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }
}
