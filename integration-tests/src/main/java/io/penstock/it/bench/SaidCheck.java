package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * Compares what streams say, however their events were joined: the text of all {@code content} fields one behind the other, as it is
 * escaped, and that {@code [DONE]} came last. Threading: loop-confined.
 */
@LoopConfined
final class SaidCheck implements Check {

    private static final byte[] FIELD = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private byte[] expected = {};
    private int said;
    private int inField;
    private int inDone;
    private boolean within;
    private boolean escaped;

    @Override
    public void begin(ExpectedAnswer answer, byte[] idOfRequest) {
        expected = answer.said();
        said = 0;
        inField = 0;
        inDone = 0;
        within = false;
        escaped = false;
    }

    @Override
    public void accept(ByteBuf bytes, int length) {
        int end = bytes.readerIndex() + length;
        while (bytes.readerIndex() < end) {
            octet(bytes.readByte());
        }
    }

    private void octet(byte octet) {
        inDone = inDone < DONE.length && octet == DONE[inDone] ? inDone + 1 : octet == DONE[0] ? 1 : 0;
        if (!within) {
            inField = octet == FIELD[inField] ? inField + 1 : octet == FIELD[0] ? 1 : 0;
            within = inField == FIELD.length;
        } else if (octet == '"' && !escaped) {
            within = false;
            inField = 0;
        } else {
            if (said == expected.length || expected[said] != octet) {
                throw new BenchmarkException("an answer says something else after " + said + " bytes");
            }
            said++;
            escaped = octet == '\\' && !escaped;
        }
    }

    @Override
    public void end() {
        if (said != expected.length || inDone != DONE.length) {
            throw new BenchmarkException(
                    "an answer ends after " + said + " of " + expected.length + " bytes of its text");
        }
    }
}
