package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;

/**
 * Compares the answers of one connection with what they must be. Whatever is wrong is told by an
 * exception. Threading: loop-confined.
 */
interface Check {

    /** The answer to come next. */
    void begin(ExpectedAnswer answer, byte[] idOfRequest);

    /** Takes the next {@code length} bytes of the answer. */
    void accept(ByteBuf bytes, int length);

    /** Says that the answer ended here, which it may only if it is complete. */
    void end();
}
