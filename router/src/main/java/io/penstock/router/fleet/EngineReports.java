package io.penstock.router.fleet;

import java.time.Duration;

/** Told what the requests to one engine show of it. Threading: called on event loops; never blocks. */
interface EngineReports {

    /** Reports nothing, for an engine that nobody judges. */
    EngineReports NONE = new EngineReports() {
        @Override
        public void failing(StateCause cause, String why) {}

        @Override
        public void pushedBack(Duration time) {}

        @Override
        public void tried(Trial trial, boolean good, String how) {}
    };

    /** Too many requests failed; {@code why} says how many, for the log. */
    void failing(StateCause cause, String why);

    /** The engine asked to be left alone for so long. */
    void pushedBack(Duration time);

    /** A request of a trial said whether the engine is well; {@code how} says how it ended, for the log. */
    void tried(Trial trial, boolean good, String how);
}
