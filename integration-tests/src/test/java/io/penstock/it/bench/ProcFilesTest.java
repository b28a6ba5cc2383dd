package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ProcFilesTest {

    @Test
    void processorTimeIsUserAndSystemTimeInHundredthsOfASecond() {
        String stat = "4711 (java) S 1 4711 4711 0 -1 4194304 100 200 0 0 123 45 6 7 20 0 30 0 99 1000 2000\n";
        assertThat(ProcFiles.cpuMicros(stat)).isEqualTo(1_680_000);
    }

    @Test
    void aProcessMayHaveSpacesAndParenthesesInItsName() {
        String stat = "7 (a) S (b c) R 1 7 7 0 -1 0 1 2 3 4 10 20 5 6 20 0 1 0 9 1 2\n";
        assertThat(ProcFiles.cpuMicros(stat)).isEqualTo(300_000);
    }

    @Test
    void residentMemoryAndAllowedProcessorsAreFoundInTheStatus() {
        String status =
                "Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t  123456 kB\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n";
        assertThat(ProcFiles.residentKib(status)).isEqualTo(123_456);
        assertThat(ProcFiles.allowedCores(status)).isEqualTo("0-1");
    }

    @Test
    void callsOfTheKernelAreFoundAmongTheBytes() {
        String io = "rchar: 3\nwchar: 4\nsyscr: 55\nsyscw: 66\nread_bytes: 7\nwrite_bytes: 8\n";
        assertThat(ProcFiles.calls(io)).isEqualTo(new ProcFiles.Calls(55, 66));
    }

    @Test
    void theMachineIsBusyWhereItNeitherIdlesNorWaitsForADisk() {
        String stat = "cpu  10 20 30 40000 5000 6 7 8 100 200\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
        assertThat(ProcFiles.busyMicros(stat)).isEqualTo(810_000);
    }

    @Test
    void aStatusWithoutMemoryIsToldApart() {
        assertThatThrownBy(() -> ProcFiles.residentKib("Name:\tkthreadd\n"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("VmRSS");
    }
}
