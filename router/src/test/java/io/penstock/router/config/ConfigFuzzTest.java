package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text, a load either gives a tree that survives its round trip or names problems. The seeds are fixed. */
class ConfigFuzzTest {

    private static final List<String> VALUES = List.of(
            "1",
            "0",
            "-1",
            "1.5",
            "010",
            "99999999999",
            "2s",
            "0s",
            "1KiB",
            "session",
            "h2c",
            "true",
            "~",
            "''",
            "\"*\"",
            "chat",
            "http://h:1",
            "https://h",
            "x-a",
            "/v1",
            "[]",
            "{}",
            "[chat]",
            "[1, {}]",
            "{a: b}",
            "&x [*x]",
            "*x",
            "<<");

    @Test
    void randomTreesNeverCrash() {
        Random random = new Random(20260101);
        int loaded = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder yaml = new StringBuilder();
            section(RouterConfig.class, random, yaml);
            loaded += loads(yaml.toString()) ? 1 : 0;
        }
        assertThat(loaded).isBetween(50, 2700);
    }

    @Test
    void randomDamageToAFileNeverCrashes() throws IOException {
        Random random = new Random(20260102);
        String full = Files.readString(Path.of("../docs/examples/full.yaml"));
        for (int i = 0; i < 1000; i++) {
            StringBuilder yaml = new StringBuilder(full);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                damage(yaml, random);
            }
            loads(yaml.toString());
        }
    }

    static boolean loads(String yaml) {
        try {
            RouterConfig config = ConfigLoader.parse(yaml);
            assertThat(ConfigLoader.parse(EffectiveTree.of(config))).isEqualTo(config);
            return true;
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty().allMatch(p -> p.line() > 0 && p.column() > 0);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("crashed on:\n" + yaml, e);
        }
    }

    private static void damage(StringBuilder yaml, Random random) {
        int at = random.nextInt(yaml.length());
        switch (random.nextInt(3)) {
            case 0 -> yaml.deleteCharAt(at);
            case 1 -> yaml.insert(at, " \n:-[]{}*&!#'\"0x\t~|>?%@".charAt(random.nextInt(23)));
            default -> yaml.insert(at, VALUES.get(random.nextInt(VALUES.size())));
        }
    }

    /** A section in flow style: its required keys mostly right, the others now and then, some of them damaged. */
    private static void section(Class<? extends Record> type, Random random, StringBuilder yaml) {
        List<String> entries = new ArrayList<>();
        for (ConfigKey key : ConfigKey.of(type)) {
            if (random.nextInt(100) < (key.required() ? 97 : 20)) {
                StringBuilder value = new StringBuilder();
                value(key, random, value);
                entries.add((random.nextInt(100) == 0 ? "odd" : key.name()) + ": " + value);
            }
        }
        yaml.append('{').append(String.join(", ", entries)).append('}');
    }

    private static void value(ConfigKey key, Random random, StringBuilder yaml) {
        if (random.nextInt(100) < 4) {
            yaml.append(VALUES.get(random.nextInt(VALUES.size())));
        } else if (key.shape() instanceof Shape.Section section) {
            section(section.type(), random, yaml);
        } else if (key.shape() instanceof Shape.Items items && items.element() instanceof Shape.Section section) {
            yaml.append('[');
            section(section.type(), random, yaml);
            yaml.append(']');
        } else {
            yaml.append(fitting(key, random));
        }
    }

    private static String fitting(ConfigKey key, Random random) {
        if (key.name().equals("url")) {
            return "\"http://h:" + random.nextInt(70000) + '"';
        }
        if (!key.key().defaultsTo().isEmpty()) {
            return random.nextBoolean() || key.key().max().isEmpty()
                    ? key.key().defaultsTo()
                    : key.key().max();
        }
        return "chat";
    }
}
