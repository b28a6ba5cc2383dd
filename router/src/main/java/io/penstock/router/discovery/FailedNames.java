package io.penstock.router.discovery;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsQueryLifecycleObserverFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The names, each with a search domain or without, for which all name servers failed. Netty goes on to the next one then, as if the
 * name did not exist, and what it comes to in the end is said of another name. Threading: any thread.
 */
final class FailedNames implements DnsQueryLifecycleObserverFactory {

    private final Map<String, DnsResponseCode> failed = new ConcurrentHashMap<>();

    /** From now on there is none. */
    void forget() {
        failed.clear();
    }

    /** How name servers failed for one of them; null if there is none. */
    @Nullable
    DnsResponseCode code() {
        return failed.values().stream().findAny().orElse(null);
    }

    @Override
    public DnsQueryLifecycleObserver newDnsQueryLifecycleObserver(DnsQuestion question) {
        return new Asked(question.name());
    }

    /** One question to one name server; the loop's. */
    private final class Asked implements DnsQueryLifecycleObserver {

        private final String name;
        private boolean written;

        Asked(String name) {
            this.name = name;
        }

        @Override
        public void queryWritten(InetSocketAddress server, ChannelFuture future) {
            written = true;
        }

        @Override
        public void queryCancelled(int queriesRemaining) {}

        @Override
        public DnsQueryLifecycleObserver queryRedirected(List<InetSocketAddress> servers) {
            return new Asked(name);
        }

        @Override
        public DnsQueryLifecycleObserver queryCNAMEd(DnsQuestion question) {
            failed.remove(name);
            return newDnsQueryLifecycleObserver(question);
        }

        @Override
        public DnsQueryLifecycleObserver queryNoAnswer(DnsResponseCode code) {
            failed.put(name, code);
            return new Asked(name);
        }

        /** Either this server knows that there is nothing, or there is no other server. */
        @Override
        public void queryFailed(Throwable cause) {
            if (written) {
                failed.remove(name);
            }
        }

        @Override
        public void querySucceed() {
            failed.remove(name);
        }
    }
}
