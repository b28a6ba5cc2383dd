package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.Priority;
import io.penstock.router.policy.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several threads, as event loops are, that pick, wait, leave and end without a pause, over engines that come and go. What
 * must hold at every moment is counted apart from what is tested.
 */
final class WaitingRoomStressTest {

    private static final int LOOPS = 4;
    private static final int CLIENTS = 15_000;
    private static final int ENGINES = 3;
    private static final List<Priority> PRIORITIES = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);

    private final ManualControl control = new ManualControl();
    private final Map<Engine, AtomicInteger> held = new ConcurrentHashMap<>();
    private final AtomicInteger heldByAll = new AtomicInteger();
    private final AtomicInteger tooMany = new AtomicInteger();
    private final AtomicInteger waited = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** A thread that runs what it is handed and, in between, its own clients. */
    private final class Loop extends Thread implements Executor {

        private final Fleet fleet;
        private final LimitsConfig limits;
        private final Random random;
        private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        private final List<EngineTicket> open = new ArrayList<>();
        private final List<Client> waiting = new ArrayList<>();
        private int unfinished;

        Loop(Fleet fleet, LimitsConfig limits, int seed) {
            this.fleet = fleet;
            this.limits = limits;
            this.random = new Random(seed);
            setDaemon(true);
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void run() {
            for (int i = 0; i < CLIENTS; i++) {
                arrive();
                runTasks();
                while (open.size() > random.nextInt(4)) {
                    endOne();
                }
                if (!waiting.isEmpty() && random.nextInt(8) == 0) {
                    leave(waiting.get(random.nextInt(waiting.size())));
                }
            }
            while (unfinished > 0) {
                runTasks();
                if (!open.isEmpty()) {
                    endOne();
                }
                Thread.onSpinWait();
            }
        }

        private void runTasks() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        private void arrive() {
            unfinished++;
            PoolSnapshot pool = Objects.requireNonNull(fleet.snapshot().pool("p"));
            PickRequest request = request();
            EngineTicket ticket = pool.room().isAhead(request) ? null : pool.pick(request);
            if (ticket != null) {
                hold(ticket);
                return;
            }
            Client client = new Client(this, request, PRIORITIES.get(random.nextInt(3)));
            if (pool.room().enter(client.waiter)) {
                waited.getAndIncrement();
                waiting.add(client);
            } else {
                refused.getAndIncrement();
                unfinished--;
            }
        }

        private PickRequest request() {
            SessionKey session = random.nextBoolean() ? null : SessionKey.of("s" + random.nextInt(20));
            boolean picky = random.nextInt(10) == 0;
            List<Engine> all = List.copyOf(held.keySet());
            return new PickRequest(session, picky ? List.of(all.get(random.nextInt(ENGINES))) : List.of(), false);
        }

        private void leave(Client client) {
            PoolSnapshot pool = Objects.requireNonNull(fleet.snapshot().pool("p"));
            if (pool.room().leave(client.waiter)) {
                client.end();
                waiting.remove(client);
                unfinished--;
            }
        }

        private void hold(EngineTicket ticket) {
            int onEngine = Objects.requireNonNull(held.get(ticket.engine())).incrementAndGet();
            int onPool = heldByAll.incrementAndGet();
            boolean engineIsOver = limits.engineRequests() > 0 && onEngine > limits.engineRequests();
            boolean poolIsOver = limits.poolRequests() > 0 && onPool > limits.poolRequests();
            if (engineIsOver || poolIsOver) {
                tooMany.getAndIncrement();
            }
            open.add(ticket);
        }

        private void endOne() {
            EngineTicket ticket = open.remove(open.size() - 1);
            heldByAll.decrementAndGet();
            Objects.requireNonNull(held.get(ticket.engine())).decrementAndGet();
            ticket.end(random.nextInt(5) == 0 ? AttemptEnd.unused() : Fleets.WELL);
            unfinished--;
        }
    }

    /** One client that waits. */
    private static final class Client implements Waiter.Guest {

        private final Loop loop;
        private final Waiter waiter;
        private int ends;

        Client(Loop loop, PickRequest request, Priority priority) {
            this.loop = loop;
            this.waiter = new Waiter(request, priority, loop, this);
        }

        void end() {
            ends++;
            assertThat(ends).isOne();
        }

        @Override
        public void admitted(EngineTicket ticket) {
            assertThat(Thread.currentThread()).isSameAs(loop);
            end();
            loop.waiting.remove(this);
            loop.hold(ticket);
        }

        @Override
        public void hopeless() {
            end();
            loop.waiting.remove(this);
            loop.unfinished--;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LEAST_REQUESTS, 2, 0, 50",
        "SESSION, 1, 0, 5",
        "POWER_OF_TWO, 0, 4, 50",
        "ROUND_ROBIN, 2, 3, 1000",
    })
    void limitsHoldAndEveryWaitEndsOnce(PolicyConfig.Type policy, int ofEngine, int ofPool, int room)
            throws InterruptedException {
        LimitsConfig limits = Fleets.limits(ofEngine, ofPool, room);
        var pool = Fleets.limited(Fleets.pool("p", ENGINES), limits);
        Fleet fleet = new Fleet(
                Fleets.config(List.of(pool)), config -> Policies.of(Fleets.policy(policy), control.ticker()), control);
        PoolSnapshot snapshot = Objects.requireNonNull(fleet.snapshot().pool("p"));
        snapshot.pickable().forEach(engine -> held.put(engine, new AtomicInteger()));
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            loops.add(new Loop(fleet, limits, i));
        }
        loops.forEach(Thread::start);
        for (int i = 0; loops.stream().anyMatch(Thread::isAlive); i++) {
            // p-1 comes and goes; the control plane is this thread, as nothing else here has news for it
            fleet.drain("p-1:8000", i % 2 == 0);
            loops.get(i % LOOPS).join(1);
        }
        assertThat(tooMany).hasValue(0);
        assertThat(loops).allMatch(loop -> loop.unfinished == 0 && loop.waiting.isEmpty());
        assertThat(waited).hasPositiveValue();
        assertThat(snapshot.room().waiting()).isZero();
        assertThat(snapshot.admission().inFlight()).isZero();
        assertThat(fleet.engines()).allMatch(engine -> engine.inFlight() == 0);
    }
}
