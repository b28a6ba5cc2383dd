package io.penstock.proxy.front;

import io.penstock.proxy.runtime.LoopConfined;

/**
 * The streams that the router reset last on one connection: what the client had sent on them before it knew is no error (RFC
 * 9113, section 5.1). Threading: loop-confined.
 */
@LoopConfined
final class RecentResets {

    private static final int REMEMBERED = 64;

    private final int[] streams = new int[REMEMBERED];
    private int next;

    void add(int streamId) {
        streams[next] = streamId;
        next = (next + 1) % REMEMBERED;
    }

    boolean contains(int streamId) {
        for (int stream : streams) {
            if (stream == streamId) {
                return true;
            }
        }
        return false;
    }
}
