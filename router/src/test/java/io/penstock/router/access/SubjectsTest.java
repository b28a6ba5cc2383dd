package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of subjects across a change of their issuer's. */
final class SubjectsTest {

    private static JwtConfig issuer(int requestsPerMinute) {
        return new JwtConfig(
                "corp",
                "https://id/",
                "penstock",
                "https://id/jwks",
                List.of("RS256"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                false,
                requestsPerMinute,
                0);
    }

    /** The subjects of an issuer whose limits are made with this. */
    static Subjects issue(LimitSource source) {
        return new Subjects(List.of(issuer(2)), source);
    }

    private static boolean passes(Subjects subjects, String name) {
        RateLimit limits = subjects.caller("corp", name).limits();
        return Admission.of(limits, RateLimit.NONE, 0).refusal() == null;
    }

    @Test
    void aChangedLimitGivesNobodyAFullBucket() {
        Subjects first = new Subjects(List.of(issuer(2)), LimitSource.own(new ManualTicker()));
        assertThat(passes(first, "ann")).isTrue();
        assertThat(passes(first, "ann")).isTrue();
        Subjects next = first.next(List.of(issuer(5)));
        assertThat(passes(next, "ann")).isFalse();
        assertThat(passes(next, "bob"))
                .as("who was not seen before begins in full")
                .isTrue();
        assertThat(next.caller("corp", "bob").limits())
                .isSameAs(next.caller("corp", "bob").limits());
        assertThat(passes(next.next(List.of(issuer(0))), "ann")).as("no limit").isTrue();
    }
}
