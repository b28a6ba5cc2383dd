package io.penstock.router.tokenize.jinja;

import java.util.List;

/** What a dictionary's {@code keys}, {@code values} and {@code items} give. Threading: immutable. */
record DictView(String kind, List<Object> entries) {}
