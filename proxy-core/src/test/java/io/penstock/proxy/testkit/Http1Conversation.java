package io.penstock.proxy.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection of a {@link FakeEngine}: reads everything as it comes, and plays one script after the other. Threading:
 * a reading and a playing thread; {@link #reset} and {@link #closeIfIdle} from any.
 */
final class Http1Conversation {

    private static final int SLICE = 8 << 10;

    private final FakeEngine engine;
    private final Socket socket;
    private final ReceivedBytes received = new ReceivedBytes();
    private final WireReader reader = new WireReader(received);
    private final AtomicBoolean counted = new AtomicBoolean();
    private final AtomicBoolean playing = new AtomicBoolean();
    private volatile boolean closedByScript;
    private int number;

    Http1Conversation(FakeEngine engine, Socket socket) {
        this.engine = engine;
        this.socket = socket;
    }

    void begin() {
        FakeEngine.daemon("fake-engine-read", this::readAll);
        FakeEngine.daemon("fake-engine-play", this::playAll);
    }

    int number() {
        return number;
    }

    WireReader reader() {
        return reader;
    }

    ReceivedBytes received() {
        return received;
    }

    EngineJournal journal() {
        return engine.journal();
    }

    /** Writes bytes as they are, counting what the connection accepts. */
    void write(byte[] bytes) {
        try {
            for (int at = 0; at < bytes.length; at += SLICE) {
                int length = Math.min(SLICE, bytes.length - at);
                socket.getOutputStream().write(bytes, at, length);
                if (counted.get()) {
                    journal().wrote(length);
                }
            }
        } catch (IOException e) {
            throw new PeerLeftException("the router left while the script was writing", e);
        }
    }

    /** Ends the connection in good order. */
    void close() {
        closedByScript = true;
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the sending direction in good order and leaves the other open. */
    void finishSending() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new PeerLeftException("the router left", e);
        }
    }

    void closeIfIdle() {
        if (!playing.get()) {
            close();
        }
    }

    /** Ends the connection with a TCP reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // closed already
        }
        close();
    }

    private void readAll() {
        byte[] buffer = new byte[16 << 10];
        try {
            for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                received.append(buffer, count);
                engine.awaitReadingAllowed(received.size());
            }
        } catch (IOException e) {
            // a reset is an end as well
        } finally {
            received.end();
        }
    }

    private void playAll() {
        try {
            while (!closedByScript) {
                play(reader.head());
            }
        } catch (EOFException e) {
            // the router closed an idle connection
        } catch (PeerLeftException e) {
            journal().aborted();
        } catch (Throwable e) {
            journal().failed(e);
        } finally {
            close();
            engine.ended(this);
            if (counted.get()) {
                journal().connectionClosed();
            }
        }
    }

    private void play(WireHead head) throws Exception {
        playing.set(true);
        boolean probe = Playbook.isProbe(head);
        if (probe) {
            journal().probed();
        } else {
            if (counted.compareAndSet(false, true)) {
                number = engine.nextConnectionNumber();
                journal().connectionOpened();
            }
            journal().headArrived(head);
        }
        Http1Turn turn = new Http1Turn(this, head, probe);
        engine.scriptFor(head).play(turn);
        if (probe) {
            close();
        }
        if (!closedByScript) {
            turn.request();
        }
        playing.set(false);
    }
}
