package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.PoolConfig.EngineConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.PoolSnapshot;
import io.penstock.router.fleet.ScriptedEngines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of the fleet by what sources tell, and by what they fail to tell. */
final class DiscoveryTest {

    private static final String FOUND = "pools: [{ name: p, discovery: { file: a } }]";

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();
    private final Map<String, FakeSource> sources = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();

    /** A source that tells what the test says. */
    private static final class FakeSource implements EngineSource {

        private Listener listener = new Told();
        private boolean closed;

        @Override
        public void start(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            closed = true;
        }

        void finds(String... hosts) {
            listener.found(FoundEngines.all(list(hosts)));
        }
    }

    private static List<EngineConfig> list(String... hosts) {
        return Stream.of(hosts)
                .map(host -> new EngineConfig("http://" + host + ":8000", null, false))
                .toList();
    }

    private static RouterConfig config(String yaml) {
        try {
            return ConfigLoader.parse(yaml);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private EngineSource open(PoolConfig pool) {
        String name = String.valueOf(Objects.requireNonNull(pool.discovery()).file());
        FakeSource source = new FakeSource();
        sources.put(name, source);
        return source;
    }

    private FakeSource source(String name) {
        return Objects.requireNonNull(sources.get(name), name);
    }

    /** The zones of the engines that each selector was made for. */
    private final List<List<String>> selectors = new ArrayList<>();

    private final Fleet fleet = new Fleet(config(FOUND), policy -> this::selector, control);
    private final Discovery discovery =
            new Discovery(new Discovery.Means(fleet, control, () -> changes.add("changed")), this::open);

    private EngineSelector selector(List<Engine> pickable) {
        selectors.add(
                pickable.stream().map(engine -> String.valueOf(engine.zone())).toList());
        return Fleets.firstLeft().selector(pickable);
    }

    private FakeSource started() {
        fleet.start(engines);
        discovery.start(config(FOUND));
        return source("a");
    }

    private void apply(String yaml) {
        RouterConfig next = config(yaml);
        fleet.apply(next, () -> discovery.controlApply(next));
    }

    private PoolSnapshot pool() {
        return Objects.requireNonNull(fleet.snapshot().pool("p"));
    }

    private String picked() {
        return pool().pickable().stream().map(Engine::name).collect(Collectors.joining(" "));
    }

    private EngineTicket pick() {
        return Objects.requireNonNull(pool().pick(new PickRequest(null, List.of(), false)));
    }

    private String standings() {
        return pool().standings().stream()
                .map(at -> at.engine().name() + " " + at.state().label())
                .collect(Collectors.joining(", "));
    }

    private DiscoveryView view() {
        return discovery.views().get(0);
    }

    @Test
    void aPoolIsNotReadyBeforeItsSourceHasAnswered() {
        FakeSource source = started();
        assertThat(fleet.ready()).isFalse();
        assertThat(fleet.pools().get(0).probed()).isFalse();
        source.finds("a", "b");
        assertThat(fleet.ready()).isTrue();
        assertThat(picked()).isEqualTo("a:8000 b:8000");
        assertThat(engines.asked("b:8000", "/health")).as("it is probed").isEqualTo(1);
        assertThat(changes).hasSize(1);
    }

    @Test
    void aSourceThatNeverAnswersHoldsUpNoOtherPool() {
        started();
        control.advance(Duration.ofSeconds(11));
        assertThat(fleet.pools().get(0).probed()).isTrue();
    }

    @Test
    void anEngineThatLeavesFinishesItsRequestsAndOneThatStaysKeepsThem() {
        FakeSource source = started();
        source.finds("a", "b");
        EngineTicket onA = pick();
        Engine a = onA.engine();
        source.finds("b", "c");
        assertThat(picked()).isEqualTo("b:8000 c:8000");
        assertThat(standings()).isEqualTo("b:8000 ready, c:8000 ready, a:8000 draining");
        assertThat(a.inFlight()).isEqualTo(1);
        Engine b = pool().pickable().get(0);
        onA.end(Fleets.WELL);
        control.advance(Duration.ofSeconds(1));
        assertThat(standings()).isEqualTo("b:8000 ready, c:8000 ready");
        assertThat(pool().pickable().get(0)).as("the same object").isSameAs(b);
        assertThat(engines.forgotten()).containsExactly("a:8000");
    }

    @Test
    void aSourceThatFailsLeavesEverythingAsItWasAndSaysSo() {
        FakeSource source = started();
        source.finds("a");
        control.advance(Duration.ofSeconds(30));
        source.listener.failed("no answer");
        source.listener.failed("no answer");
        assertThat(picked()).isEqualTo("a:8000");
        assertThat(view()).isEqualTo(new DiscoveryView("p", "file", "file a", 1, 0, 30.0, 30.0, 2, "no answer"));
        source.finds("a");
        assertThat(view()).isEqualTo(new DiscoveryView("p", "file", "file a", 1, 0, 0.0, 30.0, 2, null));
        assertThat(changes).as("the same list again is no change").hasSize(1);
    }

    @Test
    void whatIsKnownInPartIsUsedAndTheRestToldOnce() {
        FakeSource source = started();
        source.finds("a");
        control.advance(Duration.ofSeconds(30));
        FoundEngines part = new FoundEngines(list("a", "b"), 0, "a namespace is refused");
        source.listener.found(part);
        source.listener.found(part);
        assertThat(picked()).isEqualTo("a:8000 b:8000");
        assertThat(view())
                .isEqualTo(new DiscoveryView("p", "file", "file a", 2, 0, 30.0, 0.0, 1, "a namespace is refused"));
        source.finds("a", "b");
        assertThat(view()).isEqualTo(new DiscoveryView("p", "file", "file a", 2, 0, 0.0, 0.0, 1, null));
    }

    @Test
    void aSourceThatKnowsOfNothingAllOfASuddenIsNotBelieved() {
        FakeSource source = started();
        source.finds("a", "b");
        source.finds();
        assertThat(picked()).isEqualTo("a:8000 b:8000");
        assertThat(view().problem()).isEqualTo("it knows of no engine any more");
        assertThat(view().engines()).isEqualTo(2);
    }

    @Test
    void aNameThatIsNoAddressIsRefusedAndTheNextAnswerTaken() {
        FakeSource source = started();
        source.finds("a");
        source.finds("b", "_c");
        assertThat(picked()).isEqualTo("a:8000");
        assertThat(view().problem()).isEqualTo("it names http://_c:8000, which is no engine's address");
        source.finds("b_1");
        assertThat(view().problem()).isNull();
        assertThat(picked()).isEqualTo("b_1:8000");
    }

    @Test
    void noEngineIsBelievedWhenTheSourceKnowsOfOnesThatAreNotReady() {
        FakeSource source = started();
        source.finds("a");
        EngineTicket running = pick();
        source.listener.found(new FoundEngines(List.of(), 1, null));
        assertThat(standings()).isEqualTo("a:8000 draining");
        source.finds();
        assertThat(view().problem()).as("they were on their way out").isNull();
        running.end(Fleets.WELL);
        control.advance(Duration.ofSeconds(1));
        assertThat(standings()).isEmpty();
        source.finds("b");
        assertThat(picked()).isEqualTo("b:8000");
    }

    @Test
    void anEngineThatComesBackWhileItLeavesIsTheSame() {
        FakeSource source = started();
        source.finds("a", "b");
        EngineTicket running = pick();
        source.finds("b");
        source.finds("a", "b");
        assertThat(pool().pickable()).contains(running.engine());
        running.end(Fleets.WELL);
    }

    @Test
    void labelsFollowTheListAndAModelNameStandsInForWhatTheEngineListsLater() {
        FakeSource source = started();
        source.listener.found(FoundEngines.all(
                List.of(new EngineConfig("http://a:8000", null, false, Map.of("model", "m", "zone", "1")))));
        Engine a = pool().pickable().get(0);
        assertThat(pool().standings().get(0).models()).containsExactly("m");
        source.listener.found(FoundEngines.all(
                List.of(new EngineConfig("http://a:8000", null, false, Map.of("model", "m", "zone", "2")))));
        assertThat(pool().standings().get(0).listed().labels()).containsEntry("zone", "2");
        assertThat(pool().pickable()).containsExactly(a);
        assertThat(fleet.engines().get(0).labels()).containsEntry("zone", "2");
    }

    @Test
    void theTwoGroupsOfADisaggregatedPoolAreFoundEachByItsOwnSource() {
        fleet.start(engines);
        RouterConfig apart = config("pools: [{ name: p, prefill: { discovery: { file: a } },"
                + " decode: { discovery: { file: b } }, disaggregation: { protocol: vllm-nixl } }]");
        fleet.apply(apart, () -> discovery.controlApply(apart));
        source("a").finds("prefills");
        source("b").finds("decodes");
        assertThat(picked()).isEqualTo("decodes:8000");
        assertThat(Objects.requireNonNull(fleet.snapshot().prefill("p")).pickable())
                .extracting(Engine::name)
                .containsExactly("prefills:8000");
        assertThat(discovery.views()).extracting(DiscoveryView::pool).containsExactly("p", "p/prefill");
    }

    @Test
    void anEngineWhoseZoneChangesIsPreferredByItsNewOne() {
        FakeSource source = started();
        source.listener.found(FoundEngines.all(List.of(in("1", "a"), in("2", "b"))));
        assertThat(selectors.get(selectors.size() - 1)).containsExactly("1", "2");
        source.listener.found(FoundEngines.all(List.of(in("2", "a"), in("2", "b"))));
        assertThat(selectors.get(selectors.size() - 1)).containsExactly("2", "2");
    }

    private static EngineConfig in(String zone, String host) {
        return new EngineConfig("http://" + host + ":8000", null, false, Map.of("zone", zone));
    }

    @Test
    void anotherConfigurationKeepsTheSourceAndAnotherSourceKeepsTheEnginesUntilItAnswers() {
        FakeSource first = started();
        first.finds("a");
        apply("pools: [{ name: p, policy: round-robin, discovery: { file: a } }]");
        assertThat(first.closed).isFalse();
        assertThat(sources).hasSize(1);
        apply("pools: [{ name: p, discovery: { file: b } }]");
        assertThat(first.closed).isTrue();
        first.finds("late");
        assertThat(picked()).as("nobody hears the closed one").isEqualTo("a:8000");
        source("b").finds();
        assertThat(picked()).as("nor believes a first answer without engines").isEqualTo("a:8000");
        source("b").finds("a", "c");
        assertThat(picked()).isEqualTo("a:8000 c:8000");
    }

    @Test
    void whatAnotherSourceKnowsInPartTakesNoEngineAwayUntilItKnowsAll() {
        started().finds("a", "b", "c");
        EngineTicket onA = pick();
        apply("pools: [{ name: p, discovery: { file: b } }]");
        source("b").listener.found(new FoundEngines(list("b", "d"), 0, "a namespace is refused"));
        assertThat(picked()).isEqualTo("a:8000 b:8000 c:8000 d:8000");
        source("b").listener.found(new FoundEngines(list("c"), 0, "a namespace is refused"));
        assertThat(picked()).as("what it named itself may leave").isEqualTo("a:8000 c:8000");
        source("b").listener.found(new FoundEngines(list("d"), 0, "a namespace is refused"));
        assertThat(picked()).isEqualTo("a:8000 d:8000");
        source("b").finds("d");
        assertThat(picked()).isEqualTo("d:8000");
        assertThat(view().engines()).isEqualTo(1);
        onA.end(Fleets.WELL);
    }

    @Test
    void nothingOfAllIsNotBelievedOfPrefillEnginesEither() {
        fleet.start(engines);
        RouterConfig apart = config("pools: [{ name: p, prefill: { discovery: { file: a } },"
                + " decode: { discovery: { file: b } }, disaggregation: { protocol: vllm-nixl } }]");
        fleet.apply(apart, () -> discovery.controlApply(apart));
        source("a").finds("a");
        source("a").finds();
        assertThat(Objects.requireNonNull(fleet.snapshot().prefill("p")).pickable())
                .hasSize(1);
    }

    @Test
    void beforeTheFirstAnswerNothingHasChanged() {
        FakeSource source = started();
        source.listener.failed("no answer");
        assertThat(view().changeSeconds()).isNull();
        source.finds("a");
        assertThat(view().changeSeconds()).isZero();
    }

    @Test
    void aPoolGoesFromAListToDiscoveryAndBackWithoutLosingAnEngineThatIsInBoth() {
        FakeSource source = started();
        source.finds("a");
        Engine a = pool().pickable().get(0);
        apply("pools: [{ name: p, engines: [http://a:8000, http://b:8000] }]");
        assertThat(source.closed).isTrue();
        assertThat(discovery.views()).isEmpty();
        apply(FOUND);
        assertThat(picked()).isEqualTo("a:8000 b:8000");
        source("a").finds("a");
        assertThat(pool().pickable()).containsExactly(a);
    }

    @Test
    void aRemovedPoolAndAClosedDiscoveryCloseTheirSources() {
        FakeSource first = started();
        apply("pools: [{ name: q, discovery: { file: q } }]");
        assertThat(first.closed).isTrue();
        discovery.close();
        assertThat(source("q").closed).isTrue();
    }

    @Test
    void fiveHundredEnginesComeAndGoWithoutARequestLost() {
        FakeSource source = started();
        List<EngineTicket> open = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            int from = round * 7 % 500;
            source.finds(Stream.iterate(from, i -> i + 1)
                    .limit(250)
                    .map(i -> "e" + i % 500)
                    .toArray(String[]::new));
            open.add(pick());
            control.advance(Duration.ofMillis(100));
        }
        assertThat(open)
                .allSatisfy(ticket -> assertThat(ticket.engine().inFlight()).isPositive());
        open.forEach(ticket -> ticket.end(Fleets.WELL));
        control.advance(Duration.ofSeconds(1));
        assertThat(pool().standings()).hasSize(250);
        assertThat(fleet.engines())
                .allSatisfy(engine -> assertThat(engine.inFlight()).isZero());
    }
}
