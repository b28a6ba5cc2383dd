package io.penstock.router.policy;

/**
 * How many requests an engine may hold before sessions spill from it.
 *
 * <p>Relative to the mean load alone, an idle pool has no room: with one request in flight on four engines, {@code
 * ceil(1.25 * 2 / 4)} is 1, so that the second of two concurrent requests of a session would leave the home that holds
 * its prefix. A batch of few requests slows no engine down, while a prefix cache lost costs a whole prefill; that is what
 * {@code spillAbove} is for. It matters up to about {@code spillAbove / factor} requests on each engine; above that the
 * factor rules alone.
 *
 * <p>Threading: immutable.
 *
 * @param factor times the mean load of the pool, the request to place included; at least 1
 * @param spillAbove an engine with fewer requests than this has room whatever the mean load
 */
record LoadBound(double factor, int spillAbove) {

    /**
     * How many requests each of {@code engines} engines may hold at most, the one to place included.
     *
     * @param inFlight requests the pool holds already
     */
    int room(long inFlight, int engines) {
        return (int) Math.max(spillAbove, Math.ceil(factor * (inFlight + 1.0) / engines));
    }
}
