package io.penstock.router.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BuildTest {

    @Test
    void theRoutersVersionIsReadFromTheBuild() {
        assertThat(Build.read().version()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Build.read().netty()).startsWith("4.2.");
    }
}
