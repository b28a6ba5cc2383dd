package io.penstock.it.bench;

import io.penstock.proxy.runtime.Ticker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who asks the same thing again and again, over a connection and a client of its own, and notes how long each
 * answer took.
 *
 * <p>Threading: a thread of its own; {@link #stop} is for the one that started it.
 */
final class Probe {

    private static final int PAUSE_MILLIS = 2;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Ticker ticker = Ticker.system();
    private final Histogram nanos = new Histogram(3);
    private final HttpRequest request;
    private final Thread thread;
    private volatile boolean wanted = true;
    private volatile @Nullable BenchmarkException failure;

    private Probe(HttpRequest request) {
        this.request = request;
        this.thread = new Thread(this::askOn, "probe-" + request.uri().getPath());
    }

    /** How long the answers took. */
    record Answers(Histogram nanos) {

        long count() {
            return nanos.getTotalCount();
        }

        /** The 50th and the 99th percentile, in milliseconds. */
        String percentiles() {
            return String.format(
                    Locale.ROOT,
                    "%.2f, %.2f",
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6);
        }
    }

    /** Begins to ask. */
    static Probe start(HttpRequest request) {
        Probe probe = new Probe(request);
        probe.thread.setDaemon(true);
        probe.thread.start();
        return probe;
    }

    /**
     * Ends after the answer that is waited for.
     *
     * @throws BenchmarkException if one was not 200
     */
    Answers stop() throws InterruptedException {
        wanted = false;
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return new Answers(nanos);
    }

    private void askOn() {
        try {
            while (wanted) {
                ask();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            failure = new BenchmarkException("no answer to " + request.uri(), e);
        } catch (BenchmarkException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws IOException, InterruptedException {
        long startNanos = ticker.nanos();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new BenchmarkException(request.uri() + " was answered with " + answer.statusCode());
        }
        nanos.recordValue(ticker.nanos() - startNanos);
    }
}
