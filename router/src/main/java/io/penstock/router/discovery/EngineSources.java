package io.penstock.router.discovery;

import io.penstock.proxy.api.EngineTls;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.router.config.DiscoveryConfig;
import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.files.Lookout;
import io.penstock.router.fleet.ControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

/** Opens the sources that a configuration names. Threading: control plane. */
public final class EngineSources implements Function<PoolConfig, EngineSource> {

    private final Lookout files;
    private final EventLoops loops;
    private final ControlPlane control;
    private final TrustReader trust;

    /** Makes the router ready for engines that prove who they are in a way that was not known. Threading: may block. */
    public interface TrustReader {

        /**
         * Reads what is needed.
         *
         * @throws IOException if it cannot be used
         */
        void learn(EngineTls tls) throws IOException;
    }

    /**
     * Opens sources with these means.
     *
     * @param files looks at files
     * @param loops speak to name servers
     * @param control the thread of the fleet
     * @param trust reads what proves who engines are
     */
    public EngineSources(Lookout files, EventLoops loops, ControlPlane control, TrustReader trust) {
        this.files = files;
        this.loops = loops;
        this.control = control;
        this.trust = trust;
    }

    @Override
    public EngineSource apply(PoolConfig pool) {
        DiscoveryConfig from = Objects.requireNonNull(pool.discovery());
        DnsConfig dns = from.dns();
        if (dns != null) {
            return new DnsSource(dns, new NettyDnsLookup(dns, loops), control);
        }
        KubernetesConfig kubernetes = from.kubernetes();
        if (kubernetes != null) {
            return new KubernetesSource(kubernetes);
        }
        String file = Objects.requireNonNull(from.file());
        return new FileSource(Path.of(file), files, () -> trust.learn(pool.tls().value()));
    }
}
