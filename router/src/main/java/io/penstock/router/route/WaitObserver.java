package io.penstock.router.route;

/** Told of requests that wait for room on an engine. Threading: called on event loops; must not block or throw. */
public interface WaitObserver {

    /** Observes nothing. */
    WaitObserver NONE = new WaitObserver() {
        @Override
        public void waited(String pool, WaitEnd end, long nanos) {}

        @Override
        public void roomFull(String pool) {}
    };

    /** A request waited, for so long. */
    void waited(String pool, WaitEnd end, long nanos);

    /** A request was refused at once, as a pool's limits were reached and its waiting room was full. */
    void roomFull(String pool);
}
