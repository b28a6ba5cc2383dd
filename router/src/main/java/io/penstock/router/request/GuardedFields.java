package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The top-level body fields that only trusted clients may send, because engines act on them beyond answering: they name
 * hosts that an engine connects to, take another prompt than the one that was routed and looked at, choose a
 * data-parallel rank, or jump the queue (vLLM and SGLang). Threading: immutable.
 */
final class GuardedFields {

    private static final List<byte[]> NAMES = bytes(
            "kv_transfer_params",
            "ec_transfer_params",
            "priority",
            "prompt_token_ids",
            "data_parallel_rank",
            "routed_dp_rank",
            "disagg_prefill_dp_rank");
    private static final List<byte[]> PREFIXES = bytes("bootstrap_");

    private GuardedFields() {}

    private static List<byte[]> bytes(String... names) {
        return List.of(names).stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    /** True if these bytes of the body, which hold no escape, are the name of such a field. */
    static boolean has(ByteBuf body, int index, int length) {
        for (int i = 0; i < NAMES.size(); i++) {
            if (NAMES.get(i).length == length && isAt(NAMES.get(i), body, index)) {
                return true;
            }
        }
        for (int i = 0; i < PREFIXES.size(); i++) {
            if (PREFIXES.get(i).length <= length && isAt(PREFIXES.get(i), body, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] name, ByteBuf body, int index) {
        for (int i = 0; i < name.length; i++) {
            if (body.getByte(index + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** True if this is the name of such a field. */
    static boolean has(String name) {
        ByteBuf bytes = Unpooled.wrappedBuffer(name.getBytes(StandardCharsets.UTF_8));
        return has(bytes, 0, bytes.readableBytes());
    }
}
