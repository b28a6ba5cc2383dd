package io.penstock.router.route;

import io.penstock.router.disaggregate.HandoverMeans;

/**
 * Who is told of what happens to requests on their way. Threading: as its parts.
 *
 * @param waits told of requests that wait for room
 * @param handovers told of requests that are prefilled elsewhere, and what those need
 */
public record RouteObservers(WaitObserver waits, HandoverMeans handovers) {}
