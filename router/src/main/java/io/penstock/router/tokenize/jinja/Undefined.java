package io.penstock.router.tokenize.jinja;

/**
 * What a name or attribute that is not there gives: it prints nothing and is false, and anything else with it fails.
 *
 * <p>Threading: immutable.
 *
 * @param why what is missing, for the message of the failure
 */
record Undefined(String why) {

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object owner, String name) {
        return new Undefined("'" + Types.name(owner) + "' has no attribute '" + name + "'");
    }

    TemplateException failure() {
        return TemplateException.runtime(why);
    }

    /** All are equal, as in the reference. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return Undefined.class.hashCode();
    }
}
