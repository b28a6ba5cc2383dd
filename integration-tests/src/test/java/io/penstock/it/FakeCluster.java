package io.penstock.it;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A Kubernetes API server on this machine that keeps what it is given, with the namespace {@code models}. The router reaches it over a
 * wire that can be cut. Threading: the test's thread.
 */
final class FakeCluster implements AutoCloseable {

    private static final String NAMESPACE = "models";
    /** A namespace that the router may not look at. */
    static final String REFUSED = "secret";

    private static final List<String> PROPERTIES = List.of(
            "kubernetes.master",
            "kubernetes.namespace",
            "kubernetes.auth.tryKubeConfig",
            "kubernetes.auth.tryServiceAccount");

    private final Api api = new Api();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), api, false);
    private final KubernetesClient client;
    private final CutWire wire;

    /** Keeps what it is given; may forget how it came to be so, as a real one does after some minutes. */
    private static final class Api extends KubernetesCrudDispatcher {

        private final AtomicBoolean forgot = new AtomicBoolean();
        private final AtomicInteger lists = new AtomicInteger();

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            if (request.getPath().contains("/namespaces/" + REFUSED + "/")) {
                return new MockResponse()
                        .setResponseCode(403)
                        .setBody("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                                + "\"reason\":\"Forbidden\",\"message\":\"pods is forbidden\",\"code\":403}");
            }
            if (request.getPath().contains("/pods?labelSelector")) {
                lists.incrementAndGet();
            }
            boolean watches = request.getPath().contains("watch=true");
            return watches && forgot.getAndSet(false)
                    ? new MockResponse().withWebSocketUpgrade(new Forgetful())
                    : super.dispatch(request);
        }
    }

    /** What is said to those who ask for what was forgotten. */
    private static final class Forgetful extends WebSocketListener {

        @Override
        public void onOpen(WebSocket socket, Response response) {
            socket.send(
                    "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                            + "\"reason\":\"Expired\",\"message\":\"too old resource version\",\"code\":410}}");
        }
    }

    private FakeCluster() {
        server.init();
        HttpClient.Factory http = new JdkHttpClientFactory();
        client = server.createClient(http);
        wire = CutWire.to(server.getPort());
        known(true);
        System.setProperty("kubernetes.namespace", NAMESPACE);
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        System.setProperty("kubernetes.auth.tryServiceAccount", "false");
    }

    /** Starts one, which routers of this process find by themselves. */
    static FakeCluster start() {
        return new FakeCluster();
    }

    /** Cuts every connection of routers, and refuses new ones until it is mended. */
    void cut(boolean isCut) {
        wire.cut(isCut);
    }

    /** Whether routers know where it is, or are told nonsense. */
    void known(boolean isKnown) {
        System.setProperty(
                "kubernetes.master", isKnown ? "http://127.0.0.1:" + wire.port() + "/" : "http://[nonsense/");
    }

    /** The connections that routers have end without a word: nothing passes them any more. New ones work. */
    void goDark() {
        wire.goDark();
    }

    /** How many connections of routers are open, each with both of its ends. */
    int openEnds() {
        return wire.openEnds();
    }

    /** How often all pods were asked for, or a watch of them. */
    int questions() {
        return api.lists.get();
    }

    /** The next watch cannot be told what it missed. */
    void forget() {
        api.forgot.set(true);
    }

    /** Adds a pod at {@code 127.0.0.1} that serves this port under the name {@code http}; it takes its time to end. */
    void add(String name, int port, boolean ready, Map<String, String> labels) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .withFinalizers("test/grace")
                .addToLabels("app", "vllm")
                .addToLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("engine")
                .addNewPort()
                .withName("http")
                .withContainerPort(port)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        client.resource(pod).create();
        ready(name, ready);
    }

    /** Whether the pod says that it is ready. */
    void ready(String name, boolean ready) {
        pod(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP("127.0.0.1")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    /** Sets a label of the pod. */
    void label(String name, String key, String value) {
        pod(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels(key, value)
                        .endMetadata()
                        .build());
    }

    /** The pod is about to end. */
    void terminate(String name) {
        pod(name).delete();
    }

    /** The pod has ended. */
    void gone(String name) {
        pod(name)
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .withFinalizers()
                        .endMetadata()
                        .build());
        pod(name).delete();
    }

    private PodResource pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    /** The Service {@code vllm} has these ports of {@code 127.0.0.1}, each with a slice of its own. */
    void slices(int... ports) {
        List<EndpointSlice> slices = IntStream.of(ports)
                .mapToObj(port -> slice("vllm-" + port, port, true))
                .toList();
        slices.forEach(slice -> client.resource(slice).createOr(existing -> existing.update()));
    }

    /** Whether the endpoints of this port are ready. */
    void slice(int port, boolean ready) {
        client.resource(slice("vllm-" + port, port, ready)).update();
    }

    private static EndpointSlice slice(String name, int port, boolean ready) {
        Endpoint endpoint = new EndpointBuilder()
                .withAddresses("127.0.0.1")
                .withZone("eu-1a")
                .withNewConditions(ready, ready, !ready)
                .build();
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .addToLabels("kubernetes.io/service-name", "vllm")
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(endpoint)
                .withPorts(new EndpointPortBuilder()
                        .withName("http")
                        .withPort(port)
                        .build())
                .build();
    }

    @Override
    public void close() {
        PROPERTIES.forEach(System::clearProperty);
        wire.close();
        client.close();
        server.destroy();
    }
}
