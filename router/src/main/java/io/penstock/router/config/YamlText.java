package io.penstock.router.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML text to its node tree, which knows lines and columns. No tag is resolved and no object is made. Threading: confined
 * to one load.
 */
final class YamlText {

    private static final int MAX_CHARS = 1 << 20;

    private YamlText() {}

    /** The root of the first document, an empty map if it is empty; nothing if there is no tree to go on with. */
    static Optional<Node> root(String text, Findings findings) {
        if (!isReadable(text, findings)) {
            return Optional.empty();
        }
        LoaderOptions options = new LoaderOptions();
        options.setTagInspector(tag -> true); // the guard reports tags, and its limit for aliases is the better one
        options.setMaxAliasesForCollections(Integer.MAX_VALUE);
        YamlGuard guard = new YamlGuard(findings);
        try {
            if (!isHarmless(new ParserImpl(new StreamReader(text), options), guard)) {
                return Optional.empty();
            }
            Parser parser = new ParserImpl(new StreamReader(text), options);
            Composer composer = new Composer(parser, new Resolver(), options);
            return Optional.of(orEmpty(composer.checkNode() ? composer.getNode() : null));
        } catch (MarkedYAMLException e) {
            findings.report("", placeOf(e, guard, text), explain(e));
        } catch (YAMLException e) {
            findings.report("", Position.START, "is not valid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static boolean isHarmless(Parser events, YamlGuard guard) {
        while (!events.checkEvent(Event.ID.StreamEnd)) {
            if (!guard.accepts(events.getEvent())) {
                return false;
            }
        }
        return true;
    }

    private static Node orEmpty(@Nullable Node root) {
        boolean empty = root == null || root.getTag().equals(Tag.NULL);
        return root == null || empty ? new MappingNode(Tag.MAP, true, List.of(), null, null, FlowStyle.BLOCK) : root;
    }

    private static boolean isReadable(String text, Findings findings) {
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

    /** What is missing at the end of the file is missing where it was begun. */
    private static Position placeOf(MarkedYAMLException e, YamlGuard guard, String text) {
        if (!isAtTheEnd(e.getProblemMark(), text)) {
            return Position.of(e.getProblemMark());
        }
        Position bracket = guard.openBracket();
        boolean known = e.getContextMark() != null && !isAtTheEnd(e.getContextMark(), text);
        return known || bracket == null ? Position.of(known ? e.getContextMark() : e.getProblemMark()) : bracket;
    }

    private static boolean isAtTheEnd(@Nullable Mark mark, String text) {
        String said = text.stripTrailing();
        return mark != null && mark.getIndex() >= said.codePointCount(0, said.length());
    }

    private static String explain(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        String context = e.getContext() == null ? "" : " " + e.getContext();
        String since = e.getContextMark() == null
                ? ""
                : " that began on line " + (e.getContextMark().getLine() + 1);
        String hint = context.contains("alias") ? "; text that starts with * needs quotes" : "";
        return "is not valid YAML: " + problem + context + since + hint;
    }
}
