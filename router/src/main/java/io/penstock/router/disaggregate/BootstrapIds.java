package io.penstock.router.disaggregate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ids that prefill engines have among themselves, which a decode engine has to be told: asked of an engine's bootstrap server
 * ({@code GET /query} of vLLM's Mooncake connector) when a request needs one, and known for a while, as a restart changes it.
 *
 * <p>Threading: any thread; bounded by the engines of the configuration.
 */
public final class BootstrapIds {

    private static final String PATH = "/query";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MOST = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Ticker ticker;
    private final Map<Endpoint, Known> known = new ConcurrentHashMap<>();
    private volatile @Nullable EngineClient client;

    private record Known(String id, long atNanos) {}

    /** Knows none yet, and fails until it is given a client. */
    public BootstrapIds(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Asks with this from now on. */
    public void askWith(EngineClient with) {
        client = with;
    }

    /** The id of the engine behind a bootstrap server, on {@code loop}; fails if the server does not tell. */
    Future<String> of(Endpoint server, EventExecutor loop) {
        Known last = known.get(server);
        if (last != null && ticker.nanos() - last.atNanos() < FRESH_NANOS) {
            return loop.newSucceededFuture(last.id());
        }
        EngineClient with = client;
        if (with == null) {
            return loop.newFailedFuture(new IllegalStateException("nobody can be asked yet"));
        }
        Promise<String> id = loop.newPromise();
        var unused = with.get(server, PATH, TIMEOUT)
                .addListener(future -> loop.execute(() ->
                        learn(server, future.getNow() instanceof EngineClient.Reply reply ? reply.body() : "", id)));
        return id;
    }

    private void learn(Endpoint server, String body, Promise<String> id) {
        String told = parsed(body);
        if (told.isEmpty()) {
            known.remove(server);
            id.tryFailure(new IllegalStateException("the bootstrap server " + server + " tells no engine id"));
        } else {
            if (known.size() < MOST) {
                known.put(server, new Known(told, ticker.nanos()));
            }
            id.trySuccess(told);
        }
    }

    /** {@code {"0":{"engine_id":"..."}}}: the first data-parallel rank's. */
    private static String parsed(String body) {
        try {
            for (JsonNode rank : JSON.readTree(body)) {
                return rank.path("engine_id").asText("");
            }
        } catch (JsonProcessingException notJson) {
            return "";
        }
        return "";
    }

    /** It may have changed: its engine just failed. */
    void forget(Endpoint server) {
        known.remove(server);
    }
}
