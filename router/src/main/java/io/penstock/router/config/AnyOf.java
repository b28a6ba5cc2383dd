package io.penstock.router.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares that a section needs at least one of the named keys, none of which is needed alone; {@link PoolChecks} holds it to that. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface AnyOf {

    /** The keys, one of which must be given. */
    String[] value();
}
