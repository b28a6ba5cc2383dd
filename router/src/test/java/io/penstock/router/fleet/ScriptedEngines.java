package io.penstock.router.fleet;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Engines that answer the router's own requests as a test says. Threading: confined to the test's thread. */
public final class ScriptedEngines implements EngineClient {

    private final Map<String, Reply> replies = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> silent = new HashSet<>();
    private final List<Promise<Reply>> unanswered = new ArrayList<>();
    private final Map<String, Integer> asked = new HashMap<>();
    private final List<String> forgotten = new ArrayList<>();

    @Override
    public Future<Reply> get(Endpoint endpoint, String path, Duration timeout) {
        String engine = endpoint.authority();
        asked.merge(engine + path, 1, Integer::sum);
        Promise<Reply> promise = ImmediateEventExecutor.INSTANCE.newPromise();
        if (silent.contains(engine)) {
            unanswered.add(promise);
            return promise;
        }
        if (dead.contains(engine)) {
            return promise.setFailure(ProxyFailure.of(FailureKind.CONNECT_FAILED, "refused"));
        }
        Reply nothing = new Reply(path.equals("/health") ? 200 : 404, "");
        return promise.setSuccess(replies.getOrDefault(engine + path, nothing));
    }

    @Override
    public void forget(Endpoint endpoint) {
        forgotten.add(endpoint.authority());
    }

    /** The engines whose connections are not kept, in order. */
    public List<String> forgotten() {
        return forgotten;
    }

    /** The engine refuses connections from now on, or accepts them again. */
    public void dead(String engine, boolean isDead) {
        if (isDead) {
            dead.add(engine);
        } else {
            dead.remove(engine);
        }
    }

    /** The engine accepts, and never answers. */
    public void silent(String engine) {
        silent.add(engine);
    }

    /** What silent engines were asked fails now, as it does after the time limit. */
    public void timeOutAll() {
        List<Promise<Reply>> now = List.copyOf(unanswered);
        unanswered.clear();
        now.forEach(promise -> promise.setFailure(ProxyFailure.of(FailureKind.CONNECT_TIMEOUT, "silent")));
    }

    public void answers(String engine, String path, int status, String body) {
        replies.put(engine + path, new Reply(status, body));
    }

    /** The engine lists these models. */
    public void serves(String engine, String... models) {
        String cards = Stream.of(models)
                .map(model -> "{\"id\":\"" + model + "\",\"object\":\"model\",\"created\":" + asked.size()
                        + ",\"max_model_len\":4096}")
                .collect(Collectors.joining(","));
        answers(engine, "/v1/models", 200, "{\"object\":\"list\",\"data\":[" + cards + "]}");
    }

    public int asked(String engine, String path) {
        return asked.getOrDefault(engine + path, 0);
    }
}
