package io.penstock.router.discovery;

import org.jspecify.annotations.Nullable;

/** The objects of one namespace while they are watched. Threading: any thread. */
interface NamespaceWatch {

    /** True if all objects are known, and their changes are told. */
    boolean isWatching();

    /** The version of the last object that was heard of; null before the first. */
    @Nullable
    String version();

    /**
     * The engines by the objects as they are.
     *
     * @throws IllegalStateException if there can be none by these, in words for an operator
     */
    FoundEngines read();

    /** What was reported of it since it was opened or read, in words for an operator; null if nothing was. */
    @Nullable
    String trouble();
}
