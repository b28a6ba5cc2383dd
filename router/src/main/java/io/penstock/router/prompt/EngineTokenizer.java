package io.penstock.router.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.runtime.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks engines how many tokens a prompt has, by their {@code /tokenize}: the last resort, as the engine works for it and the
 * prompt goes to it twice. After {@value #FAILURES} failures in a row nobody is asked for {@value #PAUSE_SECONDS} s, then one
 * request tries again; and never more than {@value #MOST} are asked at once.
 *
 * <p>Threading: any thread; counters. Whoever asks for one too many is told so at once.
 */
final class EngineTokenizer {

    static final int FAILURES = 3;
    static final int PAUSE_SECONDS = 10;
    static final int MOST = 64;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String PATH = "/tokenize";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Ticker ticker;
    private final AtomicInteger asking = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong askedAgainNanos = new AtomicLong();
    private volatile @Nullable EngineClient client;

    EngineTokenizer(Ticker ticker) {
        this.ticker = ticker;
    }

    /** From now on engines can be asked. */
    void asks(EngineClient engines) {
        client = engines;
    }

    /** The number of tokens, on {@code loop}. It fails if no engine is asked, or the one that is does not tell. */
    Future<Long> count(Endpoint engine, byte[] question, EventExecutor loop) {
        EngineClient engines = client;
        if (engines == null || !mayAsk()) {
            return loop.newFailedFuture(new IOException("engines are not asked for tokens now"));
        }
        Promise<Long> answer = loop.newPromise();
        engines.post(engine, PATH, question, PATIENCE).addListener((Future<EngineClient.Reply> done) -> {
            asking.getAndDecrement();
            try {
                long count = done.isSuccess() ? count(done.getNow()) : -1;
                judge(count >= 0);
                if (count >= 0) {
                    answer.trySuccess(count);
                } else {
                    answer.tryFailure(new IOException("the engine did not tokenize", done.cause()));
                }
            } catch (IOException | RuntimeException e) {
                judge(false);
                answer.tryFailure(e);
            }
        });
        return answer;
    }

    private boolean mayAsk() {
        long now = ticker.nanos();
        if (failures.get() >= FAILURES) {
            long again = askedAgainNanos.get();
            boolean mine = now - again >= 0
                    && askedAgainNanos.compareAndSet(again, now + TimeUnit.SECONDS.toNanos(PAUSE_SECONDS));
            if (!mine) {
                return false;
            }
        }
        if (asking.getAndIncrement() >= MOST) {
            asking.getAndDecrement();
            return false;
        }
        return true;
    }

    private void judge(boolean well) {
        if (well) {
            failures.set(0);
        } else if (failures.incrementAndGet() >= FAILURES) {
            askedAgainNanos.set(ticker.nanos() + TimeUnit.SECONDS.toNanos(PAUSE_SECONDS));
        }
    }

    /** The count of an answer; -1 if it has none. */
    private static long count(EngineClient.Reply reply) throws IOException {
        if (reply.status() != 200) {
            return -1;
        }
        try (JsonParser json = JSON.createParser(reply.body())) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                    if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && field.equals("count")) {
                        return json.getLongValue();
                    }
                    json.skipChildren();
                }
            }
            return -1;
        }
    }
}
