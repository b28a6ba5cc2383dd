package io.penstock.router.access;

import io.penstock.router.access.SharedLimits.Unanswered;

/** Is told how limits that routers have in common were asked. Threading: any thread. */
public interface SharedObserver {

    /** A request was decided by them after so long. */
    void answered(boolean passed, long nanos);

    /** A request was decided by the router's own limits alone. */
    void unanswered(Unanswered why);

    /** What a request had used, or gave back, was not booked there. */
    void bookingLost();
}
