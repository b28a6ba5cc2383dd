package io.penstock.router.tokenize.jinja;

/** Python's {@code None}, which is null in JSON. Threading: immutable. */
enum None {
    NONE
}
