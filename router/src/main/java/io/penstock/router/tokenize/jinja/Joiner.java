package io.penstock.router.tokenize.jinja;

/**
 * What {@code joiner()} gives: nothing at its first call, then the separator.
 *
 * <p>Threading: confined to one rendering.
 */
final class Joiner implements Callable {

    private final Object separator;
    private boolean used;

    Joiner(Object separator) {
        this.separator = separator;
    }

    @Override
    public Object call(Arguments arguments, Scope scope) {
        arguments.none("joiner");
        Object joined = used ? separator : "";
        used = true;
        return joined;
    }
}
