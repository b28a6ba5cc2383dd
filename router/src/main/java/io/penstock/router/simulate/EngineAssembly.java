package io.penstock.router.simulate;

import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.POST;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.proxy.runtime.Ticker;
import java.nio.charset.StandardCharsets;

/**
 * All parts of one engine that know no sockets, put together. Threading: built by any thread, then confined to the loop
 * it was given; switches and counters are open to all.
 */
final class EngineAssembly {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final SimulatedEngineOptions options;
    private final ModelCatalog models;
    private final EngineMetrics metrics;
    private final EngineSwitches switches;
    private final WallClock clock;
    private final Scheduler scheduler;
    private final Operations operations;
    private final KvDesk kv;

    EngineAssembly(SimulatedEngineOptions options, EventExecutor loop, Ticker ticker) {
        this.options = options;
        this.models = new ModelCatalog(options);
        this.metrics = new EngineMetrics(models.base(), options.cacheBlocks());
        this.switches = new EngineSwitches(options.recordedRequests());
        this.clock = new WallClock(options.clock());
        this.scheduler = new Scheduler(loop, ticker, options, metrics);
        this.operations = new Operations();
        this.kv = KvDesk.of(options.kv(), loop, metrics);
        addStatus();
        addGeneration();
        addTokens();
        if (options.control()) {
            addControl();
        }
    }

    private void addStatus() {
        operations
                .with(GET, "/health", this::health)
                .with(GET, "/ping", this::health)
                .with(POST, "/ping", this::health)
                .with(GET, "/version", json("{\"version\":\"" + AnswerStamp.VERSION + "\"}"))
                .with(GET, "/load", json("{\"server_load\":0}"))
                .with(GET, "/metrics", this::metricsText)
                .with(GET, "/query", json(kv.engines()))
                .with(
                        GET,
                        "/v1/models",
                        (any, reply) -> reply.whole(200, "application/json", Json.bytes(models.json())));
    }

    private void addGeneration() {
        GenerationParser parser = new GenerationParser(options, models);
        generate("/v1/chat/completions", parser::chat, EngineAssembly::chat);
        generate("/v1/completions", parser::completion, EngineAssembly::completion);
        generate("/v1/responses", parser::response, ResponsesAnswer::new);
    }

    private void generate(String path, GenerateOperation.Reader reader, GenerateOperation.Form form) {
        operations.with(
                POST,
                path,
                new GenerateOperation(new GenerateOperation.Wire(reader, form), kv, scheduler, clock, options));
    }

    private static Answer chat(GenerationRequest request, Reply reply, AnswerStamp stamp) {
        return request.stream()
                ? new ChunkStream(request, ChunkShape.CHAT, reply, stamp)
                : new WholeAnswer(request, true, reply, stamp);
    }

    private static Answer completion(GenerationRequest request, Reply reply, AnswerStamp stamp) {
        return request.stream()
                ? new ChunkStream(request, ChunkShape.COMPLETION, reply, stamp)
                : new WholeAnswer(request, false, reply, stamp);
    }

    private void addTokens() {
        TokenOperations tokens = new TokenOperations(models, options.maxModelLength());
        operations
                .with(POST, "/tokenize", tokens::tokenize)
                .with(POST, "/detokenize", tokens::detokenize)
                .with(POST, "/v1/embeddings", new EmbeddingOperation(models, clock, options.seed()));
    }

    private void addControl() {
        ControlOperations control = new ControlOperations(switches, scheduler, metrics.counters());
        operations
                .with(POST, "/sim/health", control::health)
                .with(POST, "/sim/pause", control::pause)
                .with(POST, "/sim/fault", control::fault)
                .with(GET, "/sim/counters", control::counters);
    }

    private void health(EngineRequest request, Reply reply) {
        reply.whole(switches.healthy() ? 200 : 503, "", new byte[0]);
    }

    private void metricsText(EngineRequest request, Reply reply) {
        String text = metrics.text(scheduler.cacheUsage(options.cacheBlocks()));
        reply.whole(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Operation json(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return (any, reply) -> reply.whole(200, "application/json", bytes);
    }

    /** A handler for one connection or stream. */
    HttpFront front() {
        return new HttpFront(operations, switches, metrics.counters(), clock);
    }

    EngineCounters counters() {
        return metrics.counters();
    }

    EngineSwitches switches() {
        return switches;
    }

    Scheduler scheduler() {
        return scheduler;
    }
}
