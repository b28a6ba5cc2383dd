package io.penstock.router.discovery;

import org.jspecify.annotations.Nullable;

/**
 * How the discovery of one pool stands, as metrics and the admin port see it. Threading: immutable.
 *
 * @param pool the pool's name
 * @param source the kind of source: file, dns or kubernetes
 * @param place what is looked at
 * @param engines how many engines the last good answer had
 * @param withheld how many more were known then that get no requests
 * @param ageSeconds how long ago the last good answer was; since the source was opened, if there was none
 * @param changeSeconds how long ago other engines were found than before; null before the first ones
 * @param errors how often there was no good answer
 * @param problem why the last good answer is not the last one; null if it is
 */
public record DiscoveryView(
        String pool,
        String source,
        String place,
        int engines,
        int withheld,
        double ageSeconds,
        @Nullable Double changeSeconds,
        long errors,
        @Nullable String problem) {}
