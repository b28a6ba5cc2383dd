package io.penstock.router.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes one configuration key: a component of a record of the configuration tree, named as the key is. */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {

    /** What the key means, in one line; printed by {@code check} where a value is refused. */
    String value();

    /** The default as it would be written in YAML; empty for a key that must be given, unless it is a record or nullable. */
    String defaultsTo() default "";

    /** The smallest allowed value, written as in YAML ({@code 1}, {@code 10ms}, {@code 1KiB}); empty for none. */
    String min() default "";

    /** The largest allowed value; empty for none. */
    String max() default "";

    /** True for the name of a file, or a map to names of files. */
    boolean file() default false;
}
