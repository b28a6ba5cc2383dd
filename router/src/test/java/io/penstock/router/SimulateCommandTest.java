package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class SimulateCommandTest {

    private final StringWriter errors = new StringWriter();
    private final CommandLine command = new CommandLine(new SimulateCommand()).setErr(new PrintWriter(errors, true));

    @ParameterizedTest
    @CsvSource({
        "--ttft=soon,       'soon' is no time",
        "--inter-token=20,  has no unit",
        "--slots=0,         slots must be at least 1",
        "--load-factor=0.5, loadFactor must be at least 1",
        "--host=nowhere,    is no IP address",
        "--count=0,         --count must be at least 1",
        "--protocol=spdy,   expected one of",
    })
    void whatCannotBeIsRefusedBeforeAnythingListens(String argument, String message) {
        assertThat(command.execute(argument)).isEqualTo(2);
        assertThat(errors.toString()).contains(message);
    }

    @Test
    void helpNamesEveryOptionWithItsDefault() {
        StringWriter help = new StringWriter();
        command.usage(new PrintWriter(help, true));
        assertThat(help.toString()).contains("--port", "--count", "--model", "--protocol", "--ttft", "default 50ms");
    }
}
