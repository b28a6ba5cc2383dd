/** Tests of the metrics. */
@NullMarked
package io.penstock.router.metrics;

import org.jspecify.annotations.NullMarked;
