/**
 * What tests of every module share: a clock that stands still, a raw client, scripted engines, gates, and a guard that
 * fails a suite on a leaked buffer. Travels as the test-jar of proxy-core.
 */
@NullMarked
package io.penstock.proxy.testkit;

import org.jspecify.annotations.NullMarked;
