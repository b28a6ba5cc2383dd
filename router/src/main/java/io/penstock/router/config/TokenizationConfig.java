package io.penstock.router.config;

/** The threads that tokenize, beside the event loops. Threading: immutable. */
public record TokenizationConfig(
        @Key(
                value =
                        "threads that tokenize; half of them take prompts of hugeFrom and more; 0 is one for each core, at least 2",
                defaultsTo = "0",
                min = "0",
                max = "1024")
        int threads,

        @Key(
                value = "prompts that may wait for a thread, and as many huge ones; beyond, see onOverload",
                defaultsTo = "256",
                min = "1",
                max = "100000")
        int queue,

        @Key(
                value =
                        "a request with a shorter body is tokenized on its event loop, where a hop to a thread would cost more;"
                                + " 1GiB tokenizes everything there, to see what that does",
                defaultsTo = "128B",
                min = "0B",
                max = "1GiB")
        ByteSize inlineBelow,

        @Key(
                value =
                        "a request with a longer body waits in a queue of its own, so that short ones do not wait behind it",
                defaultsTo = "64KiB",
                min = "1KiB",
                max = "1GiB")
        ByteSize hugeFrom) {}
