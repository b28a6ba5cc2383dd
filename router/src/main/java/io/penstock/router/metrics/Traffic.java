package io.penstock.router.metrics;

import java.util.Map;

/**
 * What the router has done since its start, over all routes and models, for those who make rates of it. Threading: immutable.
 *
 * @param requests requests that ended
 * @param failures of these, those that went wrong and not by the client's fault
 * @param tokens tokens of answers that ended, by engine: as their usage told, and where it told nothing the events of streams, which
 *     are about a token each
 * @param firstToken seconds from the request's last byte to the first event of a stream
 * @param added seconds the router itself added to the time to the first byte
 */
public record Traffic(
        long requests, long failures, Map<Place, Long> tokens, BucketCounts firstToken, BucketCounts added) {

    /**
     * Where an answer came from. Threading: immutable.
     *
     * @param pool the pool's name
     * @param engine the engine's, {@code host:port}
     */
    public record Place(String pool, String engine) {}
}
