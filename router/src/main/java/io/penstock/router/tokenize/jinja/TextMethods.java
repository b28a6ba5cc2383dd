package io.penstock.router.tokenize.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The methods of texts, by name.
 *
 * <p>Threading: pure functions.
 */
final class TextMethods {

    private static final Map<String, TextMethod> METHODS = all();

    private TextMethods() {}

    static @Nullable Object of(Object target, String name) {
        TextMethod method = METHODS.get(name);
        if (method == null) {
            return null;
        }
        String text = target.toString();
        boolean marked = target instanceof Markup;
        return (Callable) (arguments, scope) -> {
            scope.rendering().write(text.length());
            Object result = method.apply(text, arguments, scope);
            return marked ? marked(result) : result;
        };
    }

    /** What a marked text gives is marked. */
    private static Object marked(Object result) {
        if (result instanceof String text) {
            return new Markup(text);
        }
        if (result instanceof List<?> parts) {
            return parts.stream().map(TextMethods::marked).toList();
        }
        return result instanceof Tuple parts
                ? new Tuple(parts.items().stream().map(TextMethods::marked).toList())
                : result;
    }

    private static Map<String, TextMethod> all() {
        Map<String, TextMethod> methods = new HashMap<>();
        changes(methods);
        checks(methods);
        TextShape.addTo(methods);
        TextSearch.addTo(methods);
        TextSplit.addTo(methods);
        methods.put("format", BraceFormat::format);
        return Map.copyOf(methods);
    }

    private static void changes(Map<String, TextMethod> methods) {
        change(methods, "upper", Case::upper);
        change(methods, "lower", Case::lower);
        change(methods, "casefold", text -> Case.lower(Case.upper(text)));
        change(methods, "capitalize", PythonText::capitalized);
        change(methods, "title", PythonText::titled);
        change(methods, "swapcase", Case::swapped);
    }

    private static void change(Map<String, TextMethod> methods, String name, UnaryOperator<String> change) {
        methods.put(name, (text, arguments, scope) -> {
            arguments.none(name);
            return change.apply(text);
        });
    }

    private static void checks(Map<String, TextMethod> methods) {
        check(methods, "isspace", PythonText::isSpace);
        check(methods, "isupper", Case::isUpper);
        check(methods, "islower", Case::isLower);
        check(
                methods,
                "istitle",
                text -> text.equals(PythonText.titled(text))
                        && text.codePoints().anyMatch(Case::isCased));
        check(methods, "isalpha", text -> CharacterKind.ALPHA.fills(text));
        check(methods, "isdecimal", text -> CharacterKind.DECIMAL.fills(text));
        check(methods, "isdigit", text -> CharacterKind.DIGIT.fills(text));
        check(methods, "isnumeric", text -> CharacterKind.NUMERIC.fills(text));
        check(methods, "isalnum", text -> CharacterKind.ALPHANUMERIC.fills(text));
        check(methods, "isascii", text -> text.chars().allMatch(c -> c < 128));
        check(methods, "isprintable", text -> text.codePoints().allMatch(PythonText::isPrintable));
        check(methods, "isidentifier", CharacterKind::isIdentifier);
    }

    private static void check(Map<String, TextMethod> methods, String name, Predicate<String> check) {
        methods.put(name, (text, arguments, scope) -> {
            arguments.none(name);
            return check.test(text);
        });
    }
}
