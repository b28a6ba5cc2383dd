package io.penstock.router.tokenize;

import java.util.Arrays;

/** Ids as they come, one piece after the other. Threading: confined to one encoding. */
final class IdList {

    private int[] ids;
    private int size;

    IdList(int expected) {
        this.ids = new int[Math.max(16, expected)];
    }

    void add(int[] more) {
        if (ids.length - size < more.length) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, size + more.length));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size += more.length;
    }

    int[] toArray() {
        return size == ids.length ? ids : Arrays.copyOf(ids, size);
    }
}
