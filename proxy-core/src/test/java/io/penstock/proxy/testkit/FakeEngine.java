package io.penstock.proxy.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A scripted HTTP/1.1 engine on blocking sockets, which puts exactly the scripted bytes on the wire, valid or not. Each
 * connection has one thread that reads and one that plays scripts. Threading: any thread.
 */
public final class FakeEngine implements ScriptedEngine {

    private static final int SEND_BUFFER = 64 << 10;

    private final ServerSocket server;
    private final Playbook<Http1Turn> playbook = new Playbook<>();
    private final EngineJournal journal = new EngineJournal();
    private final Set<Http1Conversation> conversations = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private final CountDownLatch acceptingEnded = new CountDownLatch(1);
    private volatile int readLimit = Integer.MAX_VALUE;
    private volatile @Nullable Gate readGate;

    private FakeEngine(ServerSocket server) {
        this.server = server;
    }

    /** Starts on a free port; until told otherwise it answers everything with {@code {"ok":true}}. */
    public static FakeEngine start() {
        return startOn(0);
    }

    /** Starts on a given port, to bring an engine back that was closed before. */
    public static FakeEngine startOn(int port) {
        try {
            return startOn(new ServerSocket(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts on a free port and speaks TLS, offering {@code http/1.1} by ALPN. */
    public static FakeEngine startTls(SSLContext context) {
        try {
            var server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
            SSLParameters parameters = server.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            server.setSSLParameters(parameters);
            return startOn(server, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FakeEngine startOn(ServerSocket server, int port) {
        try {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
            FakeEngine engine = new FakeEngine(server);
            daemon("fake-engine-" + server.getLocalPort(), engine::accept);
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public FakeEngine answering(Script<? super Turn> script) {
        playbook.always(script);
        return this;
    }

    @Override
    public FakeEngine next(Script<? super Turn> script) {
        playbook.next(script);
        return this;
    }

    /** As {@link #answering}, for scripts that write bytes of their own making. */
    public FakeEngine answeringRaw(Script<? super Http1Turn> script) {
        playbook.always(script);
        return this;
    }

    /** As {@link #next}, for scripts that write bytes of their own making. */
    public FakeEngine nextRaw(Script<? super Http1Turn> script) {
        playbook.next(script);
        return this;
    }

    @Override
    public FakeEngine serving(List<String> models) {
        playbook.models(models);
        return this;
    }

    @Override
    public FakeEngine healthy(boolean healthy) {
        playbook.healthy(healthy);
        return this;
    }

    /** Stops reading each connection after about so many bytes, until the gate opens. */
    public FakeEngine holdingReadsAfter(int bytes, Gate gate) {
        readGate = gate;
        readLimit = bytes;
        return this;
    }

    @Override
    public EngineJournal journal() {
        return journal;
    }

    @Override
    public int port() {
        return server.getLocalPort();
    }

    /** Closes, in good order, every connection on which no script is playing. */
    public void closeIdleConnections() {
        conversations.forEach(Http1Conversation::closeIfIdle);
    }

    @Override
    public void close() {
        try {
            server.close();
            // the kernel goes on listening until the thread in accept() has let go of the socket
            if (!acceptingEnded.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the accepting thread does not end");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        conversations.forEach(Http1Conversation::reset);
    }

    Script<? super Http1Turn> scriptFor(WireHead head) {
        return playbook.scriptFor(head);
    }

    int nextConnectionNumber() {
        return numbers.incrementAndGet();
    }

    void ended(Http1Conversation conversation) {
        conversations.remove(conversation);
    }

    void awaitReadingAllowed(int bytesSoFar) {
        Gate gate = readGate;
        if (gate != null && bytesSoFar >= readLimit) {
            gate.await();
        }
    }

    static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                socket.setSendBufferSize(SEND_BUFFER);
                Http1Conversation conversation = new Http1Conversation(this, socket);
                conversations.add(conversation);
                conversation.begin();
                if (server.isClosed()) {
                    conversation.reset();
                }
            } catch (IOException e) {
                // closed, or the peer went before it was accepted: the loop's condition tells which
            }
        }
        acceptingEnded.countDown();
    }
}
