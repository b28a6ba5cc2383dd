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
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port of this machine that leads to another one, until it is cut or goes dark. Threading: any thread; each direction of a connection has one
 * of its own.
 */
final class CutWire implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean cut;
    private volatile int dark;

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

    /** Every connection there is passes nothing any more, not even its end; new ones do. */
    void goDark() {
        dark = made.get();
    }

    /** How many ends of connections are open. */
    int openEnds() {
        return open.size();
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
        int number = made.incrementAndGet();
        thread(() -> copy(client, other, number));
        thread(() -> copy(other, client, number));
    }

    private void copy(Socket from, Socket to, int number) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (number > dark) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException ended) {
            end(from);
        } finally {
            open.remove(from);
            end(from);
            if (number > dark) {
                end(to);
            }
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
