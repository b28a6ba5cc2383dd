package io.penstock.router.access;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.http.ProxyHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a client's headers reaches an engine: without those that name hosts, ranks or priorities unless the client is
 * trusted, without the client's credentials unless they are the engine's to judge, and with the engine's own key.
 * Threading: immutable.
 */
record EngineHeaders(
        boolean trusted,
        boolean forwardsCredentials,
        @Nullable EngineKey key) implements HeaderEdits {

    /** Read by vLLM, SGLang, Dynamo, llm-d, AIBrix and their routers, one of which may stand behind this one. */
    private static final List<AsciiString> GUARDED = names(
            "x-data-parallel-rank",
            "x-dp-rank",
            "x-prefill-dp-rank",
            "x-vllm-priority",
            "x-smg-priority",
            "x-smg-target-worker",
            "x-worker-instance-id",
            "x-prefill-instance-id",
            "x-prefiller-host-port",
            "x-prefiller-url",
            "x-data-parallel-host-port",
            "x-encoder-hosts-ports",
            "x-gateway-destination-endpoint",
            "x-gateway-destination-endpoint-subset",
            "target-pod");

    private static final String GUARDED_PREFIX = "x-override-";
    private static final List<AsciiString> CREDENTIALS = names("authorization", "x-api-key", "api-key", "cookie");

    /** Old vLLM engines connect to the hosts that a request id names: {@code ___prefill_addr_HOST:PORT___}. */
    private static final String NAMES_HOSTS = "___";

    private static List<AsciiString> names(String... names) {
        return List.of(names).stream().map(AsciiString::cached).toList();
    }

    @Override
    public void apply(HttpHeaders headers) {
        if (!trusted) {
            removeAll(headers, GUARDED);
            removeOverrides(headers);
            disarmRequestId(headers);
        }
        if (!forwardsCredentials) {
            removeAll(headers, CREDENTIALS);
        }
        if (key != null) {
            headers.set(HttpHeaderNames.AUTHORIZATION, key.bearer());
        }
    }

    private static void removeAll(HttpHeaders headers, List<AsciiString> names) {
        for (int i = 0; i < names.size(); i++) {
            headers.remove(names.get(i));
        }
    }

    private static void removeOverrides(HttpHeaders headers) {
        List<CharSequence> found = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            CharSequence name = all.next().getKey();
            if (AsciiString.regionMatches(name, true, 0, GUARDED_PREFIX, 0, GUARDED_PREFIX.length())) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(name);
            }
        }
        found.forEach(headers::remove);
    }

    private static void disarmRequestId(HttpHeaders headers) {
        String id = headers.get(ProxyHeaders.X_REQUEST_ID);
        if (id != null && id.contains(NAMES_HOSTS)) {
            headers.set(ProxyHeaders.X_REQUEST_ID, id.replace('_', '-'));
        }
    }
}
