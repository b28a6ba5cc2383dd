package io.penstock.router;

import io.netty.util.NetUtil;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvNetwork;
import io.penstock.router.simulate.KvSide;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedModel;
import io.penstock.router.simulate.TimeModel;
import io.penstock.router.simulate.TimeText;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code penstock simulate}: simulated engines until the process is told to end. Threading: the thread of the command
 * line; the engines have their own loops.
 */
@Command(
        name = "simulate",
        description = "Runs simulated engines, which answer as vLLM does, without a GPU.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
public final class SimulateCommand implements Callable<Integer> {

    private enum Spoken {
        http1,
        h2c,
        both
    }

    private enum HandedOver {
        nixl,
        push,
        sglang
    }

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "IP address to listen on (default ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8000",
            description = "Port of an engine; may be repeated; 0 takes a free one (default ${DEFAULT-VALUE}).")
    private List<Integer> ports = new ArrayList<>();

    @Option(
            names = "--count",
            defaultValue = "1",
            description = "Engines per --port, on that port and the ones after it (default ${DEFAULT-VALUE}).")
    private int count = 1;

    @Option(
            names = "--model",
            defaultValue = "sim",
            description = "Model name; may be repeated: NAME=PARENT is a LoRA adapter (default ${DEFAULT-VALUE}).")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--protocol",
            defaultValue = "both",
            description = "What engines speak: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Spoken protocol = Spoken.both;

    @Option(
            names = "--ttft",
            defaultValue = "50ms",
            description = "Time to the first token without load (default ${DEFAULT-VALUE}).")
    private String timeToFirstToken = "50ms";

    @Option(
            names = "--prefill",
            defaultValue = "0",
            description = "Added to it for each prompt token that is not cached (default ${DEFAULT-VALUE}).")
    private String prefill = "0";

    @Option(
            names = "--inter-token",
            defaultValue = "20ms",
            description = "Time between two tokens (default ${DEFAULT-VALUE}).")
    private String interToken = "20ms";

    @Option(
            names = "--slots",
            defaultValue = "256",
            description = "Requests an engine runs at the same time (default ${DEFAULT-VALUE}).")
    private int slots = 256;

    @Option(
            names = "--load-factor",
            defaultValue = "1",
            description = "How much slower a full engine is (default ${DEFAULT-VALUE}).")
    private double loadFactor = 1;

    @Option(names = "--seed", defaultValue = "0", description = "Fixes all text (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--max-model-len",
            defaultValue = "131072",
            description = "Prompt and answer together, in tokens (default ${DEFAULT-VALUE}).")
    private int maxModelLength = 131_072;

    @Option(
            names = "--kv",
            description =
                    "How KV caches are handed over between the engines of this process: ${COMPLETION-CANDIDATES}.")
    private @Nullable HandedOver kv;

    @Option(
            names = "--prefill-engines",
            defaultValue = "1",
            description =
                    "With --kv: so many engines, the first ones, prefill; the others decode (default ${DEFAULT-VALUE}).")
    private int prefillEngines = 1;

    @Option(names = "--stamp", description = "Streamed events tell in sim_nanos when they were made, for benchmarks.")
    private boolean stamp;

    @Option(names = "--control", description = "Opens /sim/health, /sim/pause, /sim/fault and /sim/counters.")
    private boolean control;

    private final KvNetwork network = new KvNetwork();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Starts the engines, prints their URLs, and waits for the end of the process. */
    @Override
    public Integer call() throws InterruptedException {
        Termination termination = Termination.expected();
        List<SimulatedEngineOptions> options = List.of(options(KvSide.Role.PREFILL), options(KvSide.Role.DECODE));
        List<InetSocketAddress> addresses = addresses();
        int threads = Math.min(addresses.size(), Runtime.getRuntime().availableProcessors());
        List<SimulatedEngine> engines = new ArrayList<>();
        try (EventLoops loops = new EventLoops("simulated-engine", threads)) {
            try {
                for (InetSocketAddress address : addresses) {
                    int role = kv == null || engines.size() < prefillEngines ? 0 : 1;
                    engines.add(SimulatedEngine.start(options.get(role), loops, address));
                }
                termination.ready();
                announce(engines);
                return termination.await(() -> {}, () -> {});
            } finally {
                engines.forEach(SimulatedEngine::close);
            }
        }
    }

    private void announce(List<SimulatedEngine> engines) {
        PrintWriter out = spec.commandLine().getOut();
        for (SimulatedEngine engine : engines) {
            out.println("simulated engine " + engine.url());
        }
        out.flush();
    }

    private @Nullable KvSide side(KvSide.Role role) {
        return kv == null
                ? null
                : new KvSide(network, KvSide.Connector.valueOf(kv.name().toUpperCase(Locale.ROOT)), role);
    }

    private SimulatedEngineOptions options(KvSide.Role role) {
        try {
            TimeModel time = new TimeModel(
                    TimeText.parse(timeToFirstToken),
                    TimeText.parse(prefill),
                    TimeText.parse(interToken),
                    slots,
                    loadFactor);
            return SimulatedEngineOptions.builder()
                    .models(models.stream().map(SimulateCommand::model).toArray(SimulatedModel[]::new))
                    .protocols(protocols())
                    .time(time)
                    .seed(seed)
                    .maxModelLength(maxModelLength)
                    .stampEvents(stamp)
                    .control(control)
                    .kv(side(role))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Set<EngineProtocol> protocols() {
        return switch (protocol) {
            case http1 -> EnumSet.of(EngineProtocol.HTTP1);
            case h2c -> EnumSet.of(EngineProtocol.H2C);
            case both -> EnumSet.allOf(EngineProtocol.class);
        };
    }

    private static SimulatedModel model(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? SimulatedModel.base(text)
                : SimulatedModel.adapter(text.substring(0, equals), text.substring(equals + 1));
    }

    private List<InetSocketAddress> addresses() {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (address == null || count < 1) {
            String problem = address == null ? "--host '" + host + "' is no IP address" : "--count must be at least 1";
            throw new ParameterException(spec.commandLine(), problem);
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int port : ports) {
            for (int i = 0; i < count; i++) {
                addresses.add(new InetSocketAddress(address, port == 0 ? 0 : port + i));
            }
        }
        return addresses;
    }
}
