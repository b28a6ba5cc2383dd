/** Pools and engines: live counters, health, immutable snapshots, admission. */
@NullMarked
package io.penstock.router.fleet;

import org.jspecify.annotations.NullMarked;
