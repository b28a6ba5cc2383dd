package io.penstock.router.disaggregate;

import io.penstock.proxy.api.Endpoint;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.request.FieldGroup;
import io.penstock.router.request.InferenceRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How engines of one kind hand the KV cache over: the JSON fields that either is sent. Threading: immutable. */
sealed interface KvProtocol {

    /** Prefill is over before decode is asked, and says what decode has to be told. */
    non-sealed interface InSequence extends KvProtocol {

        /** What the decode engine is sent, given what the prefill engine answered, verbatim. */
        String decodeFields(String kvTransferParams);
    }

    /** Both are asked at once. */
    non-sealed interface AtOnce extends KvProtocol {

        /** What the decode engine is sent. */
        String decodeFields(Transfer transfer);

        /** The server that tells the prefill engine's id, or null if nobody has to be told it. */
        default @Nullable Endpoint idServer(Endpoint prefill) {
            return null;
        }
    }

    /** The protocol of a configuration. */
    static KvProtocol of(DisaggregationConfig config) {
        return switch (config.protocol()) {
            case VLLM_NIXL -> new VllmNixl();
            case SGLANG -> new Sglang(config.bootstrapPort());
            case VLLM_CONCURRENT -> new VllmConcurrent(config.bootstrapPort());
        };
    }

    /** What the prefill engine is sent. */
    String prefillFields(Transfer transfer, InferenceRequest request);

    /** What the prefill engine is not sent of the client's fields. */
    Set<FieldGroup> notForPrefill();
}
