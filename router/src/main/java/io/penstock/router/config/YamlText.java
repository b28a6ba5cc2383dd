package io.penstock.router.config;

import java.io.StringReader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * YAML text to its node tree, which knows lines and columns. The text is first read as a stream of events, which costs no
 * memory, so that a file made to exhaust it (deep nesting, aliases of aliases) is refused before a tree is built. No tag is
 * resolved and no object is made. Threading: confined to one load.
 */
final class YamlText {

    private static final int MAX_CHARS = 1 << 20;
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ALIASES = 50;

    private final Findings findings;
    private int documents;
    private int depth;
    private int aliases;

    private YamlText(Findings findings) {
        this.findings = findings;
    }

    /** The root of the first document, an empty map if it is empty; nothing if there is no tree to go on with. */
    static Optional<Node> root(String text, Findings findings) {
        return new YamlText(findings).read(text);
    }

    private Optional<Node> read(String text) {
        if (!isReadable(text)) {
            return Optional.empty();
        }
        LoaderOptions options = new LoaderOptions();
        options.setTagInspector(tag -> true); // they are reported here, and no object is ever made of a tree
        Yaml yaml = new Yaml(options);
        try {
            for (Event event : yaml.parse(new StringReader(text))) {
                if (!accepts(event)) {
                    return Optional.empty();
                }
            }
            Iterator<Node> roots = yaml.composeAll(new StringReader(text)).iterator();
            return Optional.of(orEmpty(roots.hasNext() ? roots.next() : null));
        } catch (MarkedYAMLException e) {
            findings.report("", Position.of(e.getProblemMark()), explain(e));
        } catch (YAMLException e) {
            findings.report("", Position.START, "is not valid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static Node orEmpty(@Nullable Node root) {
        boolean empty = root == null || root.getTag().equals(Tag.NULL);
        return root == null || empty ? new MappingNode(Tag.MAP, true, List.of(), null, null, FlowStyle.BLOCK) : root;
    }

    private boolean isReadable(String text) {
        if (text.length() > MAX_CHARS) {
            findings.report("", Position.START, "the file is larger than 1 MiB, which no configuration needs");
            return false;
        }
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                String name = String.format("U+%04X", character);
                findings.report("", new Position(line, column), "the character " + name + " is not allowed in YAML");
                return false;
            }
            column = character == '\n' ? 1 : column + 1;
            line += character == '\n' ? 1 : 0;
        }
        return true;
    }

    private boolean accepts(Event event) {
        Position at = Position.of(event.getStartMark());
        if (event instanceof DocumentStartEvent && ++documents == 2) {
            findings.report("", at, "a second document starts here; a configuration is one document");
        }
        if (event instanceof CollectionStartEvent start) {
            refuseTag(start.getTag(), at);
            depth++;
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), at);
        }
        depth -= event instanceof CollectionEndEvent ? 1 : 0;
        aliases += event instanceof AliasEvent ? 1 : 0;
        if (depth > MAX_DEPTH || aliases > MAX_ALIASES) {
            String what = depth > MAX_DEPTH ? "nesting is deeper than " + MAX_DEPTH + " levels" : tooManyAliases();
            findings.report("", at, what);
            return false;
        }
        return true;
    }

    private static String tooManyAliases() {
        return "more than " + MAX_ALIASES + " aliases (*name) are used";
    }

    private void refuseTag(@Nullable String tag, Position at) {
        if (tag != null) {
            findings.report("", at, "the tag " + ScalarReader.echo(tag) + " is not supported; write the plain value");
        }
    }

    private static String explain(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        String context = e.getContext() == null ? "" : " " + e.getContext();
        String since = e.getContextMark() == null
                ? ""
                : " that began on line " + (e.getContextMark().getLine() + 1);
        String hint = context.contains("alias") ? "; text that starts with * needs quotes" : "";
        return "is not valid YAML: " + (problem + context).replaceAll("\\p{Cntrl}", "?") + since + hint;
    }
}
