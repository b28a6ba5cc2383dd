package io.penstock.it;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * One span as it came in protobuf, read by the numbers of opentelemetry/proto/trace/v1/trace.proto. Threading: immutable.
 *
 * @param ids the hexadecimal ids of trace, span and parent
 * @param kind {@link #SERVER} or {@link #CLIENT}
 * @param fields its attributes
 * @param resource the attributes of its resource
 */
record OtlpSpan(Ids ids, String name, int kind, int status, Map<String, Object> fields, Map<String, Object> resource) {

    static final int SERVER = 2;
    static final int CLIENT = 3;
    static final int ERROR = 2;

    /** Ids in lower case hexadecimal; the parent's is empty for a root. */
    record Ids(String trace, String span, String parent) {}

    /** Every span of an ExportTraceServiceRequest. */
    static List<OtlpSpan> ofRequest(ByteBuffer request) {
        List<OtlpSpan> spans = new ArrayList<>();
        each(request, (field, resourceSpans) -> {
            Map<String, Object> resource = new HashMap<>();
            each(bytes(resourceSpans), (part, value) -> {
                if (part == 1) {
                    each(bytes(value), (number, attribute) -> attribute(resource, number, 1, attribute));
                } else if (part == 2) {
                    each(bytes(value), (number, span) -> {
                        if (number == 2) {
                            spans.add(ofSpan(bytes(span), resource));
                        }
                    });
                }
            });
        });
        return spans;
    }

    private static OtlpSpan ofSpan(ByteBuffer message, Map<String, Object> resource) {
        Map<Integer, Object> parts = new HashMap<>();
        Map<String, Object> fields = new HashMap<>();
        each(message, (number, value) -> {
            parts.put(number, value);
            attribute(fields, number, 9, value);
        });
        Map<Integer, Object> status = new HashMap<>();
        each(bytes(part(parts, 15)), status::put);
        return new OtlpSpan(
                new Ids(hex(part(parts, 1)), hex(part(parts, 2)), hex(part(parts, 4))),
                text(bytes(part(parts, 5))),
                ((Long) parts.getOrDefault(6, 0L)).intValue(),
                ((Long) status.getOrDefault(3, 0L)).intValue(),
                fields,
                resource);
    }

    private static void attribute(Map<String, Object> into, int number, int wanted, Object keyValue) {
        if (number == wanted) {
            Map<Integer, Object> pair = new HashMap<>();
            each(bytes(keyValue), pair::put);
            each(bytes(part(pair, 2)), (type, value) -> {
                boolean fixed = type == 4;
                Object read = fixed ? (Object) Double.longBitsToDouble((Long) value) : value;
                into.put(text(bytes(part(pair, 1))), type == 1 ? text(bytes(value)) : read);
            });
        }
    }

    /** A field of a message; nothing if it was left out. */
    private static Object part(Map<Integer, Object> parts, int number) {
        return parts.getOrDefault(number, ByteBuffer.allocate(0));
    }

    private static ByteBuffer bytes(Object value) {
        return ((ByteBuffer) value).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String hex(Object value) {
        ByteBuffer bytes = bytes(value);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return HexFormat.of().formatHex(copy);
    }

    /** Calls for each field of a message with its number and value: a Long, or a part of the buffer. */
    private static void each(ByteBuffer message, BiConsumer<Integer, Object> field) {
        ByteBuffer in = message.order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            field.accept(tag >>> 3, value(in, tag & 7));
        }
    }

    private static Object value(ByteBuffer in, int wireType) {
        return switch (wireType) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> {
                int length = (int) varint(in);
                ByteBuffer part = in.slice(in.position(), length);
                in.position(in.position() + length);
                yield part;
            }
            case 5 -> (long) in.getInt();
            default -> throw new IllegalStateException("wire type " + wireType);
        };
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
