package io.penstock.router.disaggregate;

import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * vLLM's NIXL connector in pull mode: the prefill engine generates one token and answers where its blocks are; the decode engine is
 * sent that and fetches them. Threading: immutable.
 */
final class VllmNixl implements KvProtocol.InSequence {

    private static final String ASK = ",\"kv_transfer_params\":{\"do_remote_decode\":true,\"do_remote_prefill\":false,"
            + "\"remote_engine_id\":null,\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}";

    @Override
    public String prefillFields(Transfer transfer, InferenceRequest request) {
        return OneToken.fields(request) + ASK;
    }

    @Override
    public String decodeFields(String kvTransferParams) {
        return "\"kv_transfer_params\":" + kvTransferParams;
    }

    @Override
    public Set<FieldGroup> notForPrefill() {
        return EnumSet.of(FieldGroup.HOSTS, FieldGroup.LENGTH);
    }
}
