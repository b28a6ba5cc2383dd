package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process and its file: changed as Kubernetes does, spoilt, and taken on SIGHUP. */
final class ConfigFileIT {

    private final FakeEngine one = named("one");
    private final FakeEngine two = named("two");

    @TempDir
    private Path folder;

    private static FakeEngine named(String name) {
        return FakeEngine.start().answering(turn -> {
            turn.request();
            turn.respond(200, "content-length: 3").data(name).end();
        });
    }

    @AfterEach
    void end() {
        one.close();
        two.close();
    }

    private static String over(FakeEngine engine) {
        return new RouterSetup().engines(engine).yaml();
    }

    private static String served(RunningProcess process) throws IOException {
        try (RawClient client = RawClient.connect(process.port(1))) {
            return client.post("/v1/completions", "{\"model\":\"m\"}")
                    .readResponse()
                    .text();
        }
    }

    private static boolean metricsSay(RunningProcess process, String line) throws IOException {
        try (RawClient client = RawClient.connect(process.port(2))) {
            return client.get("/metrics", "connection: close")
                    .readResponse()
                    .text()
                    .contains(line);
        }
    }

    @Test
    void aFileMountedByKubernetesIsTakenWhenItsLinkIsExchanged() throws IOException, InterruptedException {
        Files.writeString(Files.createDirectory(folder.resolve("..v1")).resolve("penstock.yaml"), over(one));
        Files.writeString(Files.createDirectory(folder.resolve("..v2")).resolve("penstock.yaml"), over(two));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
        Path file = Files.createSymbolicLink(folder.resolve("penstock.yaml"), Path.of("..data", "penstock.yaml"));
        try (RunningProcess process = RunningProcess.start("serve", "-c", file.toString())) {
            process.awaitLine("is ready");
            assertThat(served(process)).isEqualTo("one");
            Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v2"));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
            process.awaitLine("is in force");
            assertThat(served(process)).isEqualTo("two");
        }
    }

    @Test
    void aBadFileIsReportedAndIgnoredAndSighupTakesAGoodOneAtOnce() throws IOException, InterruptedException {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(file, over(one));
        try (RunningProcess process = RunningProcess.start("serve", "-c", file.toString())) {
            process.awaitLine("is ready");
            Files.writeString(file, "pools: []\nnonsense: 1\n");
            process.signal("HUP");
            process.awaitLine(file + ":1:8: pools: ");
            process.awaitLine(file + ":2:1: nonsense: unknown key");
            assertThat(served(process)).isEqualTo("one");
            await().until(() -> metricsSay(process, "penstock_config_reloads_total{result=\"refused\",} 1.0"));

            Files.writeString(file, over(two).replace("loops: 1", "loops: 2"));
            process.signal("HUP");
            process.awaitLine("takes effect with the next start only: server.loops");
            process.awaitLine("is in force");
            assertThat(served(process)).isEqualTo("two");
            await().until(() -> metricsSay(process, "penstock_config_reloads_total{result=\"success\",} 1.0"));
        }
    }
}
