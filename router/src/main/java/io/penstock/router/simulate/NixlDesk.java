package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** vLLM's NIXL connector in pull mode, with the load failure policy {@code fail}. Threading: confined to the engine's loop. */
final class NixlDesk implements KvDesk {

    private static final List<String> REQUIRED =
            List.of("remote_engine_id", "remote_request_id", "remote_host", "remote_port");
    private static final int SIDE_CHANNEL_PORT = 5600;

    private final KvSide side;
    private final EngineMetrics metrics;
    private final String engineId = UUID.randomUUID().toString();

    NixlDesk(KvSide side, EngineMetrics metrics) {
        this.side = side;
        this.metrics = metrics;
    }

    @Override
    public KvPart part(Fields fields, int prompts) {
        Fields params = fields.inner("kv_transfer_params");
        if (params.flag("do_remote_decode")) {
            return new Offer();
        }
        if (params.flag("do_remote_prefill")) {
            return fetch(params);
        }
        if (!side.prefills()) {
            metrics.kv(KvEvent.LOCAL_PREFILL);
        }
        return KvPart.NONE;
    }

    private KvPart fetch(Fields params) {
        if (REQUIRED.stream().anyMatch(name -> params.get(name).isMissingNode())) {
            metrics.kv(KvEvent.INCOMPLETE);
            return KvPart.NONE;
        }
        String name = name(
                params.get("remote_engine_id").asText(),
                params.get("remote_request_id").asText());
        KvEvent end = side.network().fetch(name);
        metrics.kv(end);
        return end == KvEvent.FETCHED ? new Fetched() : guest -> guest.fail(loadFailed(end));
    }

    private static EngineError loadFailed(KvEvent why) {
        return EngineError.ofStatus(500, "KV load failed: the remote blocks are " + why.label() + ".");
    }

    private static String name(String engine, String request) {
        return engine + "/" + request;
    }

    /** Its blocks are there. */
    private static final class Fetched implements KvPart {
        @Override
        public void start(Guest guest) {
            guest.submit();
        }

        @Override
        public boolean fetched() {
            return true;
        }
    }

    /** Keeps its blocks for a decode engine once it has ended well. */
    private final class Offer implements KvPart {
        private @Nullable String request;

        @Override
        public void start(Guest guest) {
            guest.submit();
        }

        @Override
        public void ended(Scheduler.End how) {
            if (how == Scheduler.End.FINISHED) {
                String kept = "cmpl-" + EngineRequest.freshId();
                request = kept;
                side.network().offer(name(engineId, kept), side.lease());
                metrics.kv(KvEvent.OFFERED);
            }
        }

        @Override
        public @Nullable ObjectNode params() {
            if (request == null) {
                return null;
            }
            ObjectNode params = Json.object();
            params.put("do_remote_prefill", true).put("do_remote_decode", false);
            params.putArray("remote_block_ids").addArray().add(7).add(8).add(9);
            params.put("remote_engine_id", engineId).put("remote_request_id", request);
            params.put("remote_host", "127.0.0.1").put("remote_port", SIDE_CHANNEL_PORT);
            params.put("tp_size", 1).put("remote_num_tokens", 48).putNull("remote_blocks_expiry_time");
            return params.put("transfer_mode", "pull");
        }
    }
}
