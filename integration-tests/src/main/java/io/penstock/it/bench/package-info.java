/** The benchmark of the packaged router beside HAProxy and beside no proxy at all; docs/performance.md explains it. */
@NullMarked
package io.penstock.it.bench;

import org.jspecify.annotations.NullMarked;
