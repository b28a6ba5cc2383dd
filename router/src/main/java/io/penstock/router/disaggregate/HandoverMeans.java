package io.penstock.router.disaggregate;

import io.penstock.proxy.runtime.Ticker;

/**
 * What disaggregated pools share. Threading: as its parts.
 *
 * @param observer told of what happens
 * @param ids of prefill engines, where a protocol needs them
 */
public record HandoverMeans(HandoverObserver observer, BootstrapIds ids) {

    /** Tells this observer, and knows no ids yet. */
    public static HandoverMeans of(HandoverObserver observer, Ticker ticker) {
        return new HandoverMeans(observer, new BootstrapIds(ticker));
    }

    /** Tells nobody, and knows no ids. */
    public static HandoverMeans untold(Ticker ticker) {
        return of(HandoverObserver.NONE, ticker);
    }
}
