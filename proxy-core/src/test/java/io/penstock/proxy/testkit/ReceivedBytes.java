package io.penstock.proxy.testkit;

import java.io.InputStream;
import java.util.Arrays;

/**
 * Everything one connection received, readable as a stream while it still grows. Reading the socket is kept apart from
 * parsing so that a script learns at once that its peer has gone. Threading: one writer, one reader, any observer.
 */
final class ReceivedBytes extends InputStream {

    private byte[] bytes = new byte[4096];
    private int written;
    private int read;
    private boolean ended;

    synchronized void append(byte[] source, int length) {
        if (written + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, written + length));
        }
        System.arraycopy(source, 0, bytes, written, length);
        written += length;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    synchronized int size() {
        return written;
    }

    synchronized byte[] all() {
        return Arrays.copyOf(bytes, written);
    }

    @Override
    public synchronized int read() {
        return awaitBytes() ? bytes[read++] & 0xff : -1;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!awaitBytes()) {
            return -1;
        }
        int count = Math.min(length, written - read);
        System.arraycopy(bytes, read, target, offset, count);
        read += count;
        return count;
    }

    private boolean awaitBytes() {
        while (read == written && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return read < written;
    }
}
