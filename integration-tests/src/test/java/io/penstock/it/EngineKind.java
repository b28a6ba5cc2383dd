package io.penstock.it;

import io.penstock.proxy.testkit.ScriptedEngine;

/** The protocols a router speaks to engines, for tests that hold for each. Threading: immutable. */
enum EngineKind {
    HTTP1,
    H2C;

    /** Starts an engine of this kind, closed after the test. */
    ScriptedEngine start(RouterExtension router) {
        return this == HTTP1 ? router.engine() : router.h2Engine();
    }
}
