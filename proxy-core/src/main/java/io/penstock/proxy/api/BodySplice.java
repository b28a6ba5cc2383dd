package io.penstock.proxy.api;

/**
 * One replacement inside a request body; every other byte goes through as the client sent it. Threading: immutable by
 * agreement.
 *
 * @param start the first replaced byte, counted from the start of the body
 * @param end one past the last replaced byte; equal to {@code start} for an insertion
 * @param replacement the bytes to put there; never modified
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record BodySplice(int start, int end, byte[] replacement) {}
