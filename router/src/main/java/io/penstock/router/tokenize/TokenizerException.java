package io.penstock.router.tokenize;

import java.io.IOException;
import java.io.Serial;

/** A tokenizer that cannot be had: the message names the file and what is wrong with it. Threading: immutable. */
public final class TokenizerException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String problem;

    TokenizerException(String problem) {
        super(problem);
        this.problem = problem;
    }

    TokenizerException(String problem, Throwable cause) {
        super(problem, cause);
        this.problem = problem;
    }

    @Override
    public String getMessage() {
        return problem;
    }
}
