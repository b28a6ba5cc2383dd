package io.penstock.router.tokenize.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro, with the scope it was defined in: it sees that one's variables, not those of its caller.
 *
 * <p>Threading: confined to one rendering.
 */
record Macro(String name, Signature signature, Body body, int line, Scope scope) implements Callable {

    @Override
    public Object call(Arguments arguments, Scope caller) {
        Scope inner = scope.inner();
        Map<String, Object> named = new LinkedHashMap<>(arguments.named());
        bind(arguments.positional(), named, inner);
        bindImplicit(arguments.positional(), named, inner);
        caller.rendering().enter();
        String text = body.text(inner);
        caller.rendering().leave();
        return text;
    }

    private void bind(List<Object> positional, Map<String, Object> named, Scope inner) {
        List<Signature.Parameter> parameters = signature.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i).name();
            Object value = i < positional.size() ? positional.get(i) : named.remove(parameter);
            Expr otherwise = parameters.get(i).otherwise();
            if (value == null) {
                inner.set(parameter, new Undefined("the parameter '" + parameter + "' was not given"));
                value = otherwise == null ? null : evaluated(otherwise, inner);
            }
            if (value != null) {
                inner.set(parameter, value);
            }
        }
    }

    /** A default fails where it is written, not where the macro is called. */
    private Object evaluated(Expr otherwise, Scope inner) {
        try {
            return otherwise.evaluate(inner);
        } catch (TemplateException e) {
            throw e.at(line);
        }
    }

    private void bindImplicit(List<Object> positional, Map<String, Object> named, Scope inner) {
        if (signature.uses("caller") && !signature.has("caller")) {
            Object block = named.remove("caller");
            inner.set("caller", block == null ? new Undefined("there is no 'caller'") : block);
        }
        int count = signature.parameters().size();
        if (signature.uses("kwargs")) {
            inner.set("kwargs", new LinkedHashMap<Object, Object>(named));
        } else if (!named.isEmpty()) {
            throw TemplateException.runtime("the macro '" + name + "' takes no argument '"
                    + named.keySet().iterator().next() + "'");
        }
        List<Object> more = positional.subList(Math.min(count, positional.size()), positional.size());
        if (signature.uses("varargs")) {
            inner.set("varargs", new Tuple(List.copyOf(more)));
        } else if (!more.isEmpty()) {
            throw TemplateException.runtime("the macro '" + name + "' takes at most " + count + " arguments");
        }
    }

    @Nullable
    Object attribute(String wanted) {
        return switch (wanted) {
            case "name" -> name;
            case "arguments" ->
                new Tuple(List.copyOf(signature.parameters().stream()
                        .map(Signature.Parameter::name)
                        .toList()));
            case "catch_kwargs" -> signature.uses("kwargs");
            case "catch_varargs" -> signature.uses("varargs");
            case "caller" -> signature.uses("caller");
            default -> null;
        };
    }

    /** Not by content: a macro holds the scope that holds it. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "macro " + name;
    }
}
