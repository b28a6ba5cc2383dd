package io.penstock.proxy.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which script an engine plays next, and its answers to the router's own probes. Threading: any thread.
 *
 * @param <T> the kind of turn the engine offers
 */
final class Playbook<T extends Turn> {

    private final Deque<Script<? super T>> queue = new ArrayDeque<>();
    private Script<? super T> always = Script.json(200, "{\"ok\":true}");
    private List<String> models = List.of("m");
    private boolean healthy = true;

    synchronized void always(Script<? super T> script) {
        always = script;
    }

    synchronized void next(Script<? super T> script) {
        queue.add(script);
    }

    synchronized void models(List<String> names) {
        models = List.copyOf(names);
    }

    synchronized void healthy(boolean answer) {
        healthy = answer;
    }

    static boolean isProbe(WireHead head) {
        return isHttp2Preface(head)
                || (head.method().equals("GET")
                        && (head.target().equals("/health") || head.target().equals("/v1/models")));
    }

    private static boolean isHttp2Preface(WireHead head) {
        return head.method().equals("PRI");
    }

    synchronized Script<? super T> scriptFor(WireHead head) {
        if (isHttp2Preface(head)) {
            return Script.json(400, "Invalid HTTP request received.");
        }
        if (isProbe(head)) {
            return head.target().equals("/health")
                    ? Script.json(healthy ? 200 : 503, "{}")
                    : Script.json(200, modelList());
        }
        Script<? super T> next = queue.poll();
        return next != null ? next : always;
    }

    private String modelList() {
        return models.stream()
                .map(name -> "{\"id\":\"" + name + "\",\"object\":\"model\",\"created\":1,\"owned_by\":\"test\"}")
                .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
    }
}
