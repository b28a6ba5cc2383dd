package io.penstock.router.disaggregate;

import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;

/**
 * SGLang: both engines are sent the same request at once and meet in a room of the prefill engine's bootstrap server. A request with
 * several prompts has a room for each. Threading: immutable.
 */
final class Sglang implements KvProtocol.AtOnce {

    private final int bootstrapPort;

    Sglang(int bootstrapPort) {
        this.bootstrapPort = bootstrapPort;
    }

    @Override
    public String prefillFields(Transfer transfer, InferenceRequest request) {
        return decodeFields(transfer);
    }

    @Override
    public String decodeFields(Transfer transfer) {
        String host = '"' + transfer.prefill().host() + '"';
        String port = Integer.toString(bootstrapPort);
        int prompts = transfer.prompts();
        if (prompts == 1) {
            return fields(host, port, Long.toString(transfer.room()));
        }
        StringJoiner rooms = new StringJoiner(",", "[", "]");
        for (int i = 0; i < prompts; i++) {
            rooms.add(Long.toString(transfer.room() + i & Long.MAX_VALUE));
        }
        return fields(list(host, prompts), list(port, prompts), rooms.toString());
    }

    private static String list(String value, int times) {
        return Collections.nCopies(times, value).toString();
    }

    private static String fields(String host, String port, String room) {
        return "\"bootstrap_host\":" + host + ",\"bootstrap_port\":" + port + ",\"bootstrap_room\":" + room;
    }

    @Override
    public Set<FieldGroup> notForPrefill() {
        return EnumSet.of(FieldGroup.HOSTS);
    }
}
