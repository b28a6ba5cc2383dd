package io.penstock.router.config;

/**
 * A size in bytes, written {@code 64MiB}, {@code 64KiB} or {@code 512B}. Threading: immutable.
 *
 * @param bytes how many
 */
public record ByteSize(long bytes) {}
