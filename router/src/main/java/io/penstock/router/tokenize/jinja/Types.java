package io.penstock.router.tokenize.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * Which of Python's types a value has.
 *
 * <p>Threading: pure functions.
 */
final class Types {

    private Types() {}

    /** The type's name, for messages. */
    static String name(Object value) {
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (isInteger(value)) {
            return "int";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (isText(value)) {
            return "str";
        }
        if (value instanceof List) {
            return "list";
        }
        if (value instanceof Map) {
            return "dict";
        }
        return value instanceof Callable
                ? "function"
                : value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    /** An int that is not a bool. */
    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    static boolean isNumber(Object value) {
        return isInteger(value) || value instanceof Double || value instanceof Boolean;
    }

    /** Python's idea of what is true. */
    static boolean isTrue(Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof None || value instanceof Undefined) {
            return false;
        }
        if (isNumber(value)) {
            return Numbers.signum(value) != 0;
        }
        return !Sequences.hasLength(value) || Sequences.length(value) > 0;
    }

    static TemplateException unsupported(String operation, Object left, Object right) {
        if (left instanceof Undefined undefined) {
            return undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            return undefined.failure();
        }
        return TemplateException.runtime(operation + " does not work with " + name(left) + " and " + name(right));
    }

    static TemplateException unsupported(String operation, Object value) {
        return value instanceof Undefined undefined
                ? undefined.failure()
                : TemplateException.runtime(operation + " does not work with " + name(value));
    }
}
