package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key that is looked for, and the keys looked for within its object: a tree grown by {@link BodyFields} and walked
 * by {@link JsonScan}. Threading: immutable once {@link BodyFields} is made.
 */
final class FieldNode {

    private static final int NO_SLOT = -1;

    private final String key;
    private final byte[] bytes;
    private final List<FieldNode> children = new ArrayList<>();
    private int slot = NO_SLOT;

    FieldNode(String key) {
        this.key = key;
        this.bytes = key.getBytes(StandardCharsets.UTF_8);
    }

    List<FieldNode> children() {
        return children;
    }

    /** The node for {@code key} below this one, made if absent. */
    FieldNode child(String key) {
        for (FieldNode child : children) {
            if (child.key.equals(key)) {
                return child;
            }
        }
        FieldNode made = new FieldNode(key);
        children.add(made);
        return made;
    }

    /** Gives this node's value a slot, the next free one unless it has one already. */
    int claimSlot(int nextFree) {
        if (slot == NO_SLOT) {
            slot = nextFree;
        }
        return slot;
    }

    boolean isWanted() {
        return slot != NO_SLOT;
    }

    int slot() {
        return slot;
    }

    boolean hasChildren() {
        return !children.isEmpty();
    }

    /** The one of {@code nodes} whose key is these bytes of the body, which hold no escape. */
    static @Nullable FieldNode find(List<FieldNode> nodes, ByteBuf body, int index, int length) {
        for (int n = 0; n < nodes.size(); n++) {
            if (nodes.get(n).isAt(body, index, length)) {
                return nodes.get(n);
            }
        }
        return null;
    }

    /** The one of {@code nodes} with this key. */
    static @Nullable FieldNode find(List<FieldNode> nodes, String key) {
        for (FieldNode node : nodes) {
            if (node.key.equals(key)) {
                return node;
            }
        }
        return null;
    }

    private boolean isAt(ByteBuf body, int index, int length) {
        if (length != bytes.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (body.getByte(index + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
