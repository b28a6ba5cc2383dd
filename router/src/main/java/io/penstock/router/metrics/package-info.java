/** Prometheus metrics made from what the data plane reports. */
@NullMarked
package io.penstock.router.metrics;

import org.jspecify.annotations.NullMarked;
