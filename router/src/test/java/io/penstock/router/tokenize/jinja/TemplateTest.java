package io.penstock.router.tokenize.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.tokenize.jinja.TemplateException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-12-31T23:30:00Z"), ZoneId.of("Europe/Berlin"));
    private static final Bounds TIGHT = new Bounds(10_000, 100_000, 20_000, 20, Duration.ofSeconds(1));

    @Test
    void theLoopsOverAFieldOfTheItemsOfAListAreFound() {
        assertThat(walksContent("{% for m in messages %}{% for p in m.content %}{% endfor %}{% endfor %}"))
                .isTrue();
        assertThat(walksContent("{% set x = messages[1:] %}{% for m in x | list %}{% for p in m['content'] %}"
                        + "{% endfor %}{% endfor %}"))
                .isTrue();
        assertThat(walksContent("{% for m in messages %}{{ m.content }}{% endfor %}"))
                .isFalse();
        assertThat(walksContent("{% macro f(c) %}{% for p in c %}{% endfor %}{% endmacro %}"
                        + "{% for m in messages %}{{ f(m.content) }}{% endfor %}"))
                .isFalse();
    }

    private static boolean walksContent(String template) {
        return Template.parse(template).walks("messages", "content");
    }

    @Test
    void theDateIsThatOfTheClocksZone() {
        assertThat(Template.parse("{{ strftime_now('%d %b %Y') }}")
                        .render(Map.of(), Bounds.usual(), Ticker.system(), CLOCK))
                .isEqualTo("01 Jan 2027");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(300) %}{% for b in range(300) %}{% endfor %}{% endfor %}",
                "{{ 'x' * 1000000000 }}",
                "{% set ns = namespace(x='ab') %}{% for i in range(64) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{{ 'a' | replace('', 'b' * 50000) | replace('', 'c' * 50000) }}",
                "{{ ('%99999d' % 1) ~ ('%99999d' % 1) }}",
                "{{ '{:>9999999}'.format(1) }}",
                "{{ ['x' * 30000] | join }}",
                "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
                "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
                "{{ 2 ** 10000000 }}",
                "{{ 9 ** 99999 }}",
                "{{ [[0] * 1000] * 1000 }}",
                "{{ 'a\\nb' | indent(1000000) }}",
                "{{ 'a' | center(100000000) }}",
                "{{ [1] | batch(10000000, 2) | list }}",
                "{{ [1] | slice(10000000) | list }}",
                "{{ [1] | tojson(indent=1000000) }}",
                "{{ 'x'.ljust(1000000) }}",
                "{{ 'a\\tb'.expandtabs(1000000) }}"
            })
    void whatGoesBeyondTheBoundsIsStopped(String template) {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse(template).render(Map.of(), TIGHT, Ticker.system(), CLOCK))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.LIMIT))
                .satisfies(failure -> assertThat(failure.line()).isEqualTo(1));
    }

    @Test
    void timeIsBounded() {
        AtomicLong nanos = new AtomicLong();
        Ticker second = () -> nanos.addAndGet(TIGHT.time().toNanos());
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("\n{% for i in range(5000) %}{% endfor %}")
                        .render(Map.of(), TIGHT, second, CLOCK))
                .withMessage("line 2: longer than 1 s");
    }

    @Test
    void nestingIsBounded() {
        List<String> deep = List.of(
                "{{ " + "(".repeat(10_000) + "1" + ")".repeat(10_000) + " }}",
                "{{ " + "not ".repeat(10_000) + "1 }}",
                "{{ " + "-".repeat(10_000) + "1 }}",
                "{{ 1" + " + 1".repeat(10_000) + " }}",
                "{{ a" + "[0]".repeat(10_000) + " }}",
                "{{ a" + " | d".repeat(10_000) + " }}",
                "{{ 1" + " if 1 else 1".repeat(10_000) + " }}",
                "{% if x %}".repeat(10_000),
                "{{ " + "[".repeat(10_000));
        for (String template : deep) {
            assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> Template.parse(template));
        }
    }

    @Test
    void whatChatTemplatesDoNotHaveIsNamed() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("a\n{% include 'x' %}"))
                .withMessage("line 2: chat templates have no 'include'");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("{% for x in y %}\n\n{{ x }}"))
                .withMessage("line 3: there is no 'else' or 'endfor' to the tag of line 1");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("{{ messages[0.role }}"))
                .withMessage("line 1: unexpected '}', ']' is to come first");
    }

    @Test
    void aFailureNamesTypesAndNeverValues() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> Template.parse("{{ secret + 1 }}")
                        .render(Map.of("secret", "my prompt"), Bounds.usual(), Ticker.system(), CLOCK))
                .withMessage("line 1: '+' does not work with str and int");
    }

    @Test
    void oneTemplateRendersInManyThreads() {
        Template template =
                Template.parse("{% set ns = namespace(n=0) %}{% for i in range(n) %}{% set ns.n = ns.n + i %}"
                        + "{% endfor %}{{ ns.n }}");
        assertThat(IntStream.range(0, 500)
                        .parallel()
                        .allMatch(n -> template.render(Map.of("n", n), Bounds.usual(), Ticker.system(), CLOCK)
                                .equals(Integer.toString(n * (n - 1) / 2))))
                .isTrue();
    }
}
