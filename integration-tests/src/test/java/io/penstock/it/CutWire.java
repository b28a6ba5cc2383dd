package io.penstock.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of this machine that leads to another one, until it is cut. Threading: any thread; each direction of a connection has one
 * of its own.
 */
final class CutWire implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private CutWire(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static CutWire to(int target) {
        try {
            CutWire wire = new CutWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            thread(wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "cut-wire");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Closes every connection, and each new one at once, until told otherwise. */
    void cut(boolean isCut) {
        cut = isCut;
        if (isCut) {
            open.forEach(CutWire::end);
        }
    }

    private void accept() {
        try {
            while (true) {
                connect(server.accept());
            }
        } catch (IOException closed) {
            open.forEach(CutWire::end);
        }
    }

    private void connect(Socket client) throws IOException {
        if (cut) {
            end(client);
            return;
        }
        Socket other = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(other);
        thread(() -> copy(client, other));
        thread(() -> copy(other, client));
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException ended) {
            end(to);
        } finally {
            end(from);
            end(to);
            open.remove(from);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        end(server);
        open.forEach(CutWire::end);
    }

    private static void end(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
