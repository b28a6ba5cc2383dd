package io.penstock.router.tokenize.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The tests that stand behind {@code is}, by name.
 *
 * <p>Threading: pure functions.
 */
final class Tests {

    private static final Map<String, BiPredicate<Object, Arguments>> TESTS = all();

    private Tests() {}

    static boolean holds(String name, Object value, Arguments arguments) {
        BiPredicate<Object, Arguments> test = TESTS.get(name);
        if (test == null) {
            throw TemplateException.runtime("there is no test '" + name + "'");
        }
        return test.test(value, arguments);
    }

    private static Map<String, BiPredicate<Object, Arguments>> all() {
        Map<String, BiPredicate<Object, Arguments>> tests = new HashMap<>();
        types(tests);
        comparisons(tests);
        alone(tests, "odd", value -> remainder(value, 2L, 1L));
        alone(tests, "even", value -> remainder(value, 2L, 0L));
        withOne(tests, "divisibleby", (value, divisor) -> remainder(value, divisor, 0L));
        alone(tests, "lower", value -> Case.isLower(Printed.text(value)));
        alone(tests, "upper", value -> Case.isUpper(Printed.text(value)));
        alone(tests, "filter", value -> Filters.exists(Printed.text(value)));
        alone(tests, "test", value -> isTest(Printed.text(value)));
        alone(tests, "escaped", value -> value instanceof Markup);
        return Map.copyOf(tests);
    }

    private static boolean isTest(String name) {
        return TESTS.containsKey(name);
    }

    private static void types(Map<String, BiPredicate<Object, Arguments>> tests) {
        alone(tests, "defined", value -> !(value instanceof Undefined));
        alone(tests, "undefined", value -> value instanceof Undefined);
        alone(tests, "none", value -> value instanceof None);
        alone(tests, "boolean", value -> value instanceof Boolean);
        alone(tests, "true", value -> value.equals(true));
        alone(tests, "false", value -> value.equals(false));
        alone(tests, "integer", Types::isInteger);
        alone(tests, "float", value -> value instanceof Double);
        alone(tests, "number", Types::isNumber);
        alone(tests, "string", Types::isText);
        alone(tests, "mapping", value -> value instanceof Map);
        alone(
                tests,
                "sequence",
                value -> Sequences.isIndexed(value) || value instanceof Map || value instanceof Undefined);
        alone(tests, "iterable", value -> Sequences.isIterable(value) || value instanceof LoopState);
        alone(tests, "callable", value -> value instanceof Callable || value instanceof Undefined);
    }

    private static void comparisons(Map<String, BiPredicate<Object, Arguments>> tests) {
        relation(tests, Relation.EQUAL, "eq", "equalto", "==");
        relation(tests, Relation.UNEQUAL, "ne", "!=");
        relation(tests, Relation.GREATER, "gt", "greaterthan", ">");
        relation(tests, Relation.AT_LEAST, "ge", ">=");
        relation(tests, Relation.LESS, "lt", "lessthan", "<");
        relation(tests, Relation.AT_MOST, "le", "<=");
        relation(tests, Relation.IN, "in");
        withOne(tests, "sameas", Tests::isSame);
    }

    private static void relation(
            Map<String, BiPredicate<Object, Arguments>> tests, Relation relation, String... names) {
        for (String name : names) {
            withOne(tests, name, relation::holds);
        }
    }

    /** The same object, or a small value that Python has only once. */
    private static boolean isSame(Object a, Object b) {
        boolean single = a instanceof Boolean || a instanceof None || a instanceof Long || a instanceof String;
        return a == b || (single && a.equals(b));
    }

    private static boolean remainder(Object value, Object divisor, Object wanted) {
        return Comparisons.equal(wanted, remainder(value, divisor));
    }

    private static Object remainder(Object value, Object divisor) {
        if (!Types.isNumber(value) || !Types.isNumber(divisor)) {
            throw Types.unsupported("a remainder", value, divisor);
        }
        return Numbers.modulo(value, divisor);
    }

    private static void alone(Map<String, BiPredicate<Object, Arguments>> tests, String name, Predicate<Object> test) {
        tests.put(name, (value, arguments) -> {
            arguments.none(name);
            return test.test(value);
        });
    }

    private static void withOne(
            Map<String, BiPredicate<Object, Arguments>> tests, String name, BiPredicate<Object, Object> test) {
        tests.put(
                name,
                (value, arguments) ->
                        test.test(value, arguments.bind(name, 1, "other").value(0)));
    }
}
