package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connectors whose engines are asked at once and wait for each other: SGLang's bootstrap rooms, and vLLM's that push. Threading:
 * confined to the engine's loop.
 */
final class MeetingDesk implements KvDesk {

    private static final String HOST = "127.0.0.1";

    private final KvSide side;
    private final EventExecutor loop;
    private final EngineMetrics metrics;
    private final String engineId = UUID.randomUUID().toString();

    MeetingDesk(KvSide side, EventExecutor loop, EngineMetrics metrics) {
        this.side = side;
        this.loop = loop;
        this.metrics = metrics;
    }

    private boolean isSglang() {
        return side.connector() == KvSide.Connector.SGLANG;
    }

    /** A prefill engine of SGLang generates one token whatever it is asked for. */
    @Override
    public void adjust(Fields fields) {
        if (isSglang() && side.prefills()) {
            fields.object().put("max_tokens", 1).put("max_completion_tokens", 1);
            fields.object().remove("min_tokens");
        }
    }

    @Override
    public KvPart part(Fields fields, int prompts) {
        String place = isSglang() ? room(fields, prompts) : transfer(fields.inner("kv_transfer_params"));
        if (place != null) {
            return new Meeting(place);
        }
        if (!side.prefills()) {
            metrics.kv(KvEvent.LOCAL_PREFILL);
        }
        return KvPart.NONE;
    }

    @Override
    public String engines() {
        return "{\"0\":{\"engine_id\":\"" + engineId + "\"}}";
    }

    private String room(Fields fields, int prompts) {
        JsonNode room = fields.get("bootstrap_room");
        if (room.isMissingNode()) {
            throw refused("Disaggregated request received without bootstrap room id.");
        }
        boolean listed = room.isArray();
        if (listed ? room.size() != prompts : prompts > 1) {
            throw refused("bootstrap_room needs one room for each prompt.");
        }
        for (JsonNode each : listed ? room : Json.array().add(room)) {
            if (!each.isIntegralNumber() || !each.canConvertToLong() || each.longValue() < 0) {
                throw refused("bootstrap_room must be an integer from 0 to 2^63-1.");
            }
        }
        String given = first(fields.get("bootstrap_host")) + ":" + first(fields.get("bootstrap_port"));
        return (side.prefills() ? HOST + ":" + KvSide.BOOTSTRAP_PORT : given) + "/" + room;
    }

    private static String first(JsonNode value) {
        return value.isArray() ? value.path(0).asText() : value.asText();
    }

    private @Nullable String transfer(Fields params) {
        boolean mine = params.flag(side.prefills() ? "do_remote_decode" : "do_remote_prefill");
        String id = params.textOrNull("transfer_id");
        if (!mine || id == null) {
            return null;
        }
        String prefill = side.prefills() ? engineId : params.textOrNull("remote_engine_id");
        if (prefill == null || (!side.prefills() && params.textOrNull("remote_bootstrap_addr") == null)) {
            metrics.kv(KvEvent.INCOMPLETE);
            return null;
        }
        return prefill + "/" + id;
    }

    private static RequestRefused refused(String message) {
        return new RequestRefused(EngineError.badRequest(message, "bootstrap_room"));
    }

    /** One request that meets another engine. */
    private final class Meeting implements KvPart {

        private final String place;
        private @Nullable Guest guest;
        private @Nullable Future<?> timer;

        Meeting(String place) {
            this.place = place;
        }

        @Override
        public void start(Guest waiting) {
            guest = waiting;
            if (side.prefills() && !isSglang()) {
                goOn();
                return;
            }
            timer = loop.schedule(this::giveUp, side.patience().toNanos(), TimeUnit.NANOSECONDS);
            Runnable met = () -> loop.execute(this::goOn);
            if (side.prefills()) {
                side.network().prefillCame(place, met);
            } else {
                side.network().decodeCame(place, met);
            }
        }

        private void goOn() {
            Guest waiting = taken();
            if (waiting != null) {
                if (!side.prefills()) {
                    metrics.kv(KvEvent.FETCHED);
                }
                waiting.submit();
            }
        }

        private void giveUp() {
            Guest waiting = taken();
            if (waiting != null) {
                side.network().left(place, side.role());
                metrics.kv(KvEvent.TIMED_OUT);
                waiting.fail(EngineError.ofStatus(500, "KVTransferError: the other engine did not come in time."));
            }
        }

        private @Nullable Guest taken() {
            Guest waiting = guest;
            guest = null;
            if (timer != null) {
                timer.cancel(false);
            }
            return waiting;
        }

        @Override
        public void clientLeft() {
            if (taken() != null) {
                side.network().left(place, side.role());
            }
        }

        @Override
        public boolean fetched() {
            return !side.prefills();
        }

        @Override
        public void ended(Scheduler.End how) {
            if (side.prefills()) {
                if (how == Scheduler.End.FINISHED) {
                    metrics.kv(KvEvent.OFFERED);
                    side.network().prefilled(place);
                } else {
                    side.network().left(place, side.role());
                }
            }
        }
    }
}
