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

    /** How requests are read and answers are made. */
    record Wire(Reader reader, Form form) {}

    private final Reader reader;
    private final Form form;
    private final Scheduler scheduler;
    private final WallClock clock;
    private final boolean tellsCachedTokens;
    private final EventEnd eventEnd;
    private final KvDesk kv;

    GenerateOperation(Wire wire, KvDesk kv, Scheduler scheduler, WallClock clock, SimulatedEngineOptions options) {
        this.kv = kv;
        this.reader = wire.reader();
        this.form = wire.form();
        this.scheduler = scheduler;
        this.clock = clock;
        this.tellsCachedTokens = options.promptTokensDetails();
        this.eventEnd = new EventEnd(options.stampEvents() ? scheduler::nanos : null);
    }

    @Override
    public void answer(EngineRequest request, Reply reply) {
        Fields fields = request.fields();
        kv.adjust(fields);
        GenerationRequest wanted = reader.read(fields, request.id(fields));
        KvPart part = kv.part(fields, wanted.prompts().size());
        String fingerprint = "vllm-" + AnswerStamp.VERSION + "-simulated";
        AnswerStamp stamp = new AnswerStamp(clock.seconds(), fingerprint, tellsCachedTokens, eventEnd, part);
        Answer answer = form.of(wanted, reply, stamp);
        var generation = new Generation(wanted, answer, part, new Generation.Fate(reply, request.fault(), scheduler));
        reply.listener(new Waiting(part));
        part.start(new Guest(generation, answer));
    }

    /** A generation that has not begun. */
    private record Waiting(KvPart part) implements Reply.Listener {

        @Override
        public void clientLeft() {
            part.clientLeft();
        }

        @Override
        public void writable() {
            // nothing is written yet
        }
    }

    private final class Guest implements KvPart.Guest {

        private final Generation generation;
        private final Answer answer;

        Guest(Generation generation, Answer answer) {
            this.generation = generation;
            this.answer = answer;
        }

        @Override
        public void submit() {
            scheduler.submit(generation);
        }

        @Override
        public void fail(EngineError why) {
            answer.accepted();
            answer.fail(why);
        }
    }
}
