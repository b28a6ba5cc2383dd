package io.penstock.router.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the engines of a pool are found while the router runs: exactly one of its keys is given. Threading: immutable. */
public record DiscoveryConfig(
        @Key(
                value = "a YAML file with the engines of the pool, read again when it changes",
                defaultsTo = "~",
                file = true)
        @Nullable
        String file,

        @Key(value = "engines by their addresses in the DNS", defaultsTo = "~") @Nullable
        DnsConfig dns,

        @Key(value = "engines by their pods in Kubernetes", defaultsTo = "~") @Nullable
        KubernetesConfig kubernetes) {

    /** How engines are spoken to that are known by address only. */
    public enum Scheme {
        HTTP,
        HTTPS
    }

    /** Which records are asked for. */
    public enum Records {
        /** Addresses: A, and AAAA where there are none. */
        A,
        /** Hosts with their ports. */
        SRV
    }

    /** Engines by name. */
    public record DnsConfig(
            @Key("the full name that is asked for, such as vllm.models.svc.cluster.local; search domains are not added")
            String name,

            @Key(value = "a: the addresses of the name, A or else AAAA; srv: hosts and ports", defaultsTo = "a")
            Records records,

            @Key(value = "the engines' port; left out with srv", defaultsTo = "0", min = "0", max = "65535")
            int port,

            @Key(value = "https: engines are spoken to over TLS", defaultsTo = "http")
            Scheme scheme,

            @Key(
                    value = "asked again after the records' TTL, but after so long at the latest",
                    defaultsTo = "30s",
                    min = "1s",
                    max = "1h")
            Duration refresh,

            @Key(
                    value = "servers that are asked, as address or address:port; left out: those of the system",
                    defaultsTo = "[]")
            List<String> nameServers) {}

    /** Engines by pod. */
    public record KubernetesConfig(
            @Key(value = "a Service, whose EndpointSlices tell the engines", defaultsTo = "~") @Nullable
            String service,

            @Key(value = "a label selector, whose pods are the engines, such as app=vllm,tier!=test", defaultsTo = "~")
            @Nullable
            String selector,

            @Key(value = "where these are looked for; left out: the router's own namespace", defaultsTo = "[]")
            List<String> namespaces,

            @Key("the engines' port: its name, or its number")
            String port,

            @Key(value = "https: engines are spoken to over TLS", defaultsTo = "http")
            Scheme scheme,

            @Key(
                    value = "more labels of engines, each from the pod label of this name; with selector only",
                    defaultsTo = "{}")
            Map<String, String> labels,

            @Key(
                    value = "watches of which nothing is heard for so long are opened anew, as they may be dead",
                    defaultsTo = "2m",
                    min = "1s",
                    max = "1h")
            Duration refresh) {}

    /** The kind of source, as in metrics: the key that is given. */
    public String kind() {
        if (dns != null) {
            return "dns";
        }
        return kubernetes != null ? "kubernetes" : "file";
    }

    /** What is looked at, for the log. */
    public String place() {
        if (dns != null) {
            return "dns " + dns.name();
        }
        if (kubernetes == null) {
            return "file " + file;
        }
        return kubernetes.service() == null
                ? "kubernetes pods " + kubernetes.selector()
                : "kubernetes service " + kubernetes.service();
    }

    /** True if it is known beforehand that engines are spoken to over TLS. */
    public boolean secure() {
        return Stream.of(
                        dns == null ? Scheme.HTTP : dns.scheme(),
                        kubernetes == null ? Scheme.HTTP : kubernetes.scheme())
                .anyMatch(Scheme.HTTPS::equals);
    }
}
