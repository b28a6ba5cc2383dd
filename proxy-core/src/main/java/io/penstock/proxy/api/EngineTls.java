package io.penstock.proxy.api;

import org.jspecify.annotations.Nullable;

/**
 * How an engine proves who it is. A value: connections are shared between equal ones only, and {@link TlsContexts} has the
 * context that goes with it. Threading: immutable.
 *
 * @param ca a PEM file with the authorities whose certificates are believed, or null for those of the system
 * @param verify false believes whoever answers
 * @param serverName the name that is asked for (SNI) and that the certificate must be for, or null for the engine's host
 */
public record EngineTls(
        @Nullable String ca, boolean verify, @Nullable String serverName) {}
