package io.penstock.proxy.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** One connection of a {@link FakeH2Engine}, counted once it carried a request. Threading: its event loop. */
final class Http2Connection {

    private final EngineJournal journal;
    private final Playbook<Http2Turn> playbook;
    private final AtomicInteger numbers;
    private int number;

    Http2Connection(EngineJournal journal, Playbook<Http2Turn> playbook, AtomicInteger numbers) {
        this.journal = journal;
        this.playbook = playbook;
        this.numbers = numbers;
    }

    EngineJournal journal() {
        return journal;
    }

    int number() {
        return number;
    }

    void carriesRequest() {
        if (number == 0) {
            number = numbers.incrementAndGet();
            journal.connectionOpened();
        }
    }

    void closed() {
        if (number > 0) {
            journal.connectionClosed();
        }
    }

    /** Plays the script for a request on a thread of its own. */
    void play(Http2Turn turn) {
        Script<? super Http2Turn> script = playbook.scriptFor(turn.head());
        FakeEngine.daemon("fake-h2-play", () -> {
            try {
                script.play(turn);
            } catch (PeerLeftException e) {
                journal.aborted();
            } catch (Throwable e) {
                journal.failed(e);
            }
        });
    }
}
