package io.penstock.router.simulate;

/** One of the generating paths: reads the request, picks the form of its answer, queues it. Threading: immutable. */
final class GenerateOperation implements Operation {

    /** Reads a body. */
    @FunctionalInterface
    interface Reader {
        GenerationRequest read(Fields fields, String id);
    }

    /** Makes the answer's form. */
    @FunctionalInterface
    interface Form {
        Answer of(GenerationRequest request, Reply reply, AnswerStamp stamp);
    }

    private final Reader reader;
    private final Form form;
    private final Scheduler scheduler;
    private final WallClock clock;
    private final boolean tellsCachedTokens;
    private final EventEnd eventEnd;

    GenerateOperation(Reader reader, Form form, Scheduler scheduler, WallClock clock, SimulatedEngineOptions options) {
        this.reader = reader;
        this.form = form;
        this.scheduler = scheduler;
        this.clock = clock;
        this.tellsCachedTokens = options.promptTokensDetails();
        this.eventEnd = new EventEnd(options.stampEvents() ? scheduler::nanos : null);
    }

    @Override
    public void answer(EngineRequest request, Reply reply) {
        Fields fields = request.fields();
        GenerationRequest wanted = reader.read(fields, request.id(fields));
        String fingerprint = "vllm-" + AnswerStamp.VERSION + "-simulated";
        AnswerStamp stamp = new AnswerStamp(clock.seconds(), fingerprint, tellsCachedTokens, eventEnd);
        Answer answer = form.of(wanted, reply, stamp);
        scheduler.submit(new Generation(wanted, answer, reply, request.fault(), scheduler));
    }
}
