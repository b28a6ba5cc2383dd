package io.penstock.proxy.api;

import org.jspecify.annotations.Nullable;

/**
 * What an engine answered to a leg. Threading: immutable by agreement.
 *
 * @param status the HTTP status
 * @param contentType of the body, or null
 * @param body the body, as far as it was kept; never modified
 * @param whole false if the body is longer than what was kept
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record LegAnswer(int status, @Nullable String contentType, byte[] body, boolean whole) {}
