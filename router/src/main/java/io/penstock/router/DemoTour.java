package io.penstock.router;

import io.penstock.router.DemoChats.Event;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The tour of {@code penstock demo}: two rounds of chats by the same sessions, and what to see in them. Threading: the
 * main thread.
 */
final class DemoTour {

    private static final List<String> SESSIONS = List.of("ada", "ben", "cleo", "dan", "eve");
    private static final List<String> QUESTIONS = List.of(
            "How does a water wheel work?",
            "Tell me about the rivers of Iceland.",
            "Write a haiku about turbines.",
            "Why is the sky blue?",
            "What should I cook tonight?");

    private final DemoScreen screen;
    private final List<String> engines;
    private final Router router;

    /** A tour through {@code router}, whose engines are these. */
    DemoTour(DemoScreen screen, List<String> engines, Router router) {
        this.screen = screen;
        this.engines = engines;
        this.router = router;
    }

    /** Runs the tour; true if every chat was answered. */
    boolean run(String title) throws IOException, InterruptedException {
        screen.title(title);
        screen.say("  clients -> 127.0.0.1:" + router.dataPort() + " -> " + legend());
        try (DemoChats chats = new DemoChats(URI.create("http://127.0.0.1:" + router.dataPort()))) {
            screen.title("Five sessions ask; the answers stream back side by side");
            Round first = round(chats, 28);
            screen.title("The same sessions ask again");
            Round second = round(chats, 14);
            summary(first, second);
            return first.complete() && second.complete();
        }
    }

    private String legend() {
        var named = new ArrayList<String>();
        for (int i = 0; i < engines.size(); i++) {
            named.add(screen.engine(i) + " " + engines.get(i));
        }
        return String.join("  ", named);
    }

    private Round round(DemoChats chats, int tokens) throws InterruptedException {
        Round round = new Round();
        chats.ask(SESSIONS, QUESTIONS, tokens);
        screen.begin(SESSIONS);
        while (round.ended < SESSIONS.size()) {
            show(round, chats.next());
        }
        screen.end();
        return round;
    }

    private void show(Round round, Event event) {
        if (event instanceof Event.Answered answered) {
            int engine = engines.indexOf(answered.engine());
            round.engines[answered.row()] = engine;
            screen.answered(answered.row(), engine);
        } else if (event instanceof Event.Text text) {
            screen.text(text.row(), text.text());
        } else if (event instanceof Event.Ended ended) {
            round.ended++;
            if (ended.problem() != null) {
                round.failed++;
                screen.text(ended.row(), "[" + ended.problem() + "]");
            }
            screen.ended(ended.row());
        }
    }

    private void summary(Round first, Round second) {
        screen.title("Where each session went");
        boolean allHome = true;
        for (int i = 0; i < SESSIONS.size(); i++) {
            boolean home = first.engines[i] == second.engines[i];
            allHome &= home;
            screen.say("  %-5s %s then %s   %s"
                    .formatted(
                            SESSIONS.get(i),
                            screen.engine(first.engines[i]),
                            screen.engine(second.engines[i]),
                            home ? "home, where its prefix is cached" : "moved: its home was full"));
        }
        screen.say("");
        screen.say(
                allHome
                        ? "  Every session went home: x-session-id picks the engine, load decides only when it is full."
                        : "  x-session-id picks the engine; when that one is full, the next in rank takes over.");
    }

    /** Prints what to try. */
    void invite() {
        String data = "http://127.0.0.1:" + router.dataPort();
        String admin = "http://127.0.0.1:" + router.adminPort();
        screen.title("Your turn");
        screen.say("  curl -N " + data + "/v1/chat/completions \\");
        screen.say("    -H 'content-type: application/json' -H 'x-session-id: me' \\");
        screen.say("    -d '{\"model\":\"sim\",\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello, who is there?\"}]}'");
        screen.say("");
        screen.say("  status   " + admin + "/ (in a browser)");
        screen.say("  metrics  " + admin + "/metrics");
        screen.say("  fleet    " + admin + "/fleet");
        screen.say("");
        screen.say("  Ctrl-C ends it.");
    }

    /** What happened in one round. Threading: the main thread. */
    private static final class Round {
        final int[] engines = {-1, -1, -1, -1, -1};
        int ended;
        int failed;

        boolean complete() {
            return failed == 0;
        }
    }
}
