/** OpenTelemetry traces: a span for each request and for each attempt, sent by OTLP off the event loops. */
@NullMarked
package io.penstock.router.tracing;

import org.jspecify.annotations.NullMarked;
