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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks engines how many tokens a prompt has, by their {@code /tokenize}: the last resort, as the engine works for it and the
 * prompt goes to it twice. Each tokenizer has an {@link EngineBreaker} of its own, so that engines without {@code /tokenize}
 * keep nobody from asking others; and never more than {@value #MOST} are asked at once.
 *
 * <p>Threading: any thread; counters. Whoever asks for one too many is told so at once.
 */
final class EngineTokenizer {

    static final int MOST = 64;

    private static final JsonFactory JSON = new JsonFactory();
    private static final String PATH = "/tokenize";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What is wrong with one prompt is no failure of the engine. */
    private static final Set<Integer> OF_THE_PROMPT = Set.of(400, 413, 422);

    private final Ticker ticker;
    private final AtomicInteger asking = new AtomicInteger();
    private final Map<String, EngineBreaker> breakers = new ConcurrentHashMap<>();
    private volatile @Nullable EngineClient client;

    EngineTokenizer(Ticker ticker) {
        this.ticker = ticker;
    }

    /** From now on engines can be asked. */
    void asks(EngineClient engines) {
        client = engines;
    }

    /**
     * The number of tokens, on {@code loop}. It fails if no engine is asked, or the one that is does not tell; cancelling it ends
     * the question.
     *
     * @param tokenizer on whose behalf
     */
    Future<Long> count(String tokenizer, Endpoint engine, byte[] question, EventExecutor loop) {
        EngineClient engines = client;
        EngineBreaker breaker = breakers.computeIfAbsent(tokenizer, name -> new EngineBreaker(ticker));
        if (engines == null || !mayAsk(breaker)) {
            return loop.newFailedFuture(new IOException("engines are not asked for tokens now"));
        }
        Promise<Long> answer = loop.newPromise();
        Future<EngineClient.Reply> asked = engines.post(engine, PATH, question, PATIENCE);
        answer.addListener(done -> {
            if (answer.isCancelled()) {
                asked.cancel(false);
            }
        });
        asked.addListener(done -> {
            asking.getAndDecrement();
            if (!answer.isCancelled()) {
                answered(asked, breaker, answer);
            }
        });
        return answer;
    }

    /** Asks the breaker last: the one request that it lets try again is sent. */
    private boolean mayAsk(EngineBreaker breaker) {
        if (asking.incrementAndGet() <= MOST && breaker.lets()) {
            return true;
        }
        asking.getAndDecrement();
        return false;
    }

    private static void answered(Future<EngineClient.Reply> asked, EngineBreaker breaker, Promise<Long> answer) {
        try {
            long count = asked.isSuccess() ? count(asked.getNow()) : -1;
            if (count >= 0) {
                breaker.succeeded();
                answer.trySuccess(count);
                return;
            }
        } catch (IOException | RuntimeException e) {
            breaker.failed();
            answer.tryFailure(e);
            return;
        }
        if (!asked.isSuccess() || !OF_THE_PROMPT.contains(asked.getNow().status())) {
            breaker.failed();
        }
        answer.tryFailure(new IOException("the engine did not tokenize", asked.cause()));
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
