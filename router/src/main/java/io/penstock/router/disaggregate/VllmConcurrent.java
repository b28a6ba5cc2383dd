package io.penstock.router.disaggregate;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.penstock.proxy.api.Endpoint;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * vLLM's connectors that push: both engines are asked at once and find each other by a transfer id; the prefill engine sends its
 * blocks to the decode engine. It sends nothing if its one token ends the text, so that token must not. Threading: immutable.
 */
final class VllmConcurrent implements KvProtocol.AtOnce {

    private final int bootstrapPort;

    VllmConcurrent(int bootstrapPort) {
        this.bootstrapPort = bootstrapPort;
    }

    @Override
    public String prefillFields(Transfer transfer, InferenceRequest request) {
        return OneToken.fields(request)
                + ",\"min_tokens\":1,\"kv_transfer_params\":{\"do_remote_decode\":true,\"do_remote_prefill\":false,"
                + "\"transfer_id\":\"" + transfer.id() + "\"}";
    }

    @Override
    public String decodeFields(Transfer transfer) {
        return "\"kv_transfer_params\":{\"do_remote_prefill\":true,\"do_remote_decode\":false,"
                + "\"remote_bootstrap_addr\":\"http://" + idServer(transfer.prefill()) + "\","
                + "\"remote_engine_id\":" + quoted(transfer.engineId()) + ","
                + "\"transfer_id\":\"" + transfer.id() + "\"}";
    }

    private static String quoted(String id) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(id)) + '"';
    }

    @Override
    public Endpoint idServer(Endpoint prefill) {
        return new Endpoint(prefill.host(), bootstrapPort, Endpoint.Protocol.HTTP1);
    }

    @Override
    public Set<FieldGroup> notForPrefill() {
        return EnumSet.of(FieldGroup.HOSTS, FieldGroup.LENGTH);
    }
}
