package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveTreeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "*",
                "a*",
                "1.10",
                "010",
                "true",
                "no",
                "~",
                "null",
                "a: b",
                "a #b",
                "\"",
                "\\",
                "'",
                "-",
                "- a",
                "{",
                "[a]",
                "&a",
                "!a",
                "%a",
                "@a",
                "`a",
                "é😀",
                "a,b",
                "2020-01-01",
                "1:30",
                "<<",
                "=",
                "a:",
                ":a",
                "?",
                "|"
            })
    void anyTextSurvivesTheRoundTrip(String text) {
        RouterConfig config = Yaml.load(Yaml.SMALLEST + "routes: [{to: [{pool: chat}], match: {model: "
                + EffectiveTree.quoted(text) + ", headers: {a: " + EffectiveTree.quoted(text) + "}}}]");

        assertThat(config.routes().get(0).match().headers()).isEqualTo(Map.of("a", text));
        assertThat(Yaml.load(EffectiveTree.of(config))).isEqualTo(config);
    }

    @Test
    void textThatAnotherReaderCouldMistakeIsQuoted() {
        RouterConfig config =
                Yaml.load("pools: [{name: chat, engines: [http://h:1], models: [m-1, '1.10', 'no', 'a b']}]");

        assertThat(EffectiveTree.of(config)).contains("models: [m-1, \"1.10\", \"no\", \"a b\"]");
    }

    @Test
    void smallNumbersAreWrittenWithoutAnExponent() {
        RouterConfig config =
                Yaml.load("pools: [{name: chat, engines: [http://h:1], health: {panicThreshold: 0.00001}}]");

        assertThat(EffectiveTree.of(config)).contains("panicThreshold: 0.000010\n");
        assertThat(Yaml.load(EffectiveTree.of(config))).isEqualTo(config);
    }
}
