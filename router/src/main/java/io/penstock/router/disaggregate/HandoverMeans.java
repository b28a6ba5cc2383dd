package io.penstock.router.disaggregate;

/**
 * What disaggregated pools share. Threading: as its parts.
 *
 * @param observer told of what happens
 * @param ids of prefill engines, where a protocol needs them
 */
public record HandoverMeans(HandoverObserver observer, BootstrapIds ids) {}
