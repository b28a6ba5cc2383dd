package io.penstock.router.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Reads YAML as a stream of events, which costs no memory, and refuses what a configuration never needs before a tree is
 * built of it: tags, a second document, deep nesting, and aliases that multiply a small file into a huge tree.
 * Threading: confined to one load.
 */
final class YamlGuard {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_VALUES = 100_000;

    private final Findings findings;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<String, Integer> sizeByAnchor = new HashMap<>();
    private int documents;
    private int values;

    /** A map or list that has begun, how many values came before it, and where its bracket stands if it has one. */
    private record Open(
            @Nullable String anchor, int before, @Nullable Position bracket) {}

    YamlGuard(Findings findings) {
        this.findings = findings;
    }

    /** Reports what is refused in the event; false if the rest must not be looked at. */
    boolean accepts(Event event) {
        Position at = Position.of(event.getStartMark());
        if (event instanceof DocumentStartEvent && ++documents == 2) {
            findings.report("", at, "a second document starts here; a configuration is one document");
        }
        if (event instanceof AliasEvent alias && contains(alias.getAnchor())) {
            findings.report("", at, "the alias *" + alias.getAnchor() + " stands within what it names");
            return false;
        }
        refuseTag(event, at);
        count(event);
        if (open.size() > MAX_DEPTH) {
            findings.report("", at, "nesting is deeper than " + MAX_DEPTH + " levels");
        } else if (values > MAX_VALUES) {
            findings.report("", at, "there are more than " + MAX_VALUES + " values, with every alias written out");
        }
        return open.size() <= MAX_DEPTH && values <= MAX_VALUES;
    }

    private boolean contains(String anchor) {
        return open.stream().anyMatch(around -> anchor.equals(around.anchor()));
    }

    private void refuseTag(Event event, Position at) {
        String tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : null;
        if (tag != null) {
            findings.report("", at, "the tag " + ScalarReader.echo(tag) + " is not supported; write the plain value");
        }
    }

    private void count(Event event) {
        if (event instanceof CollectionEndEvent) {
            Open ended = open.pop();
            name(ended.anchor(), values - ended.before());
        } else if (event instanceof AliasEvent alias) {
            values += sizeByAnchor.getOrDefault(alias.getAnchor(), 1);
        } else if (event instanceof NodeEvent node) {
            values++;
            if (event instanceof CollectionStartEvent) {
                open.push(new Open(node.getAnchor(), values - 1, bracket(event)));
            } else {
                name(node.getAnchor(), 1);
            }
        }
    }

    private static @Nullable Position bracket(Event event) {
        return event instanceof CollectionStartEvent start && start.isFlow() ? Position.of(event.getStartMark()) : null;
    }

    /** The innermost bracket that is not closed, or null. */
    @Nullable
    Position openBracket() {
        return open.isEmpty() ? null : open.peek().bracket();
    }

    private void name(@Nullable String anchor, int size) {
        if (anchor != null) {
            sizeByAnchor.put(anchor, size);
        }
    }
}
