package io.penstock.router.access;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A key set behind a URL, read with the JVM's own client: it is no engine, and may want TLS with the certificates that the
 * system trusts. Bounded in time and size, follows no redirect. Threading: waits, so never on an event loop.
 */
final class KeySetUrl implements IssuerKeys.KeySource {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final HttpRequest request;

    KeySetUrl(String url) {
        request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .header("accept", "application/json")
                .build();
    }

    @Override
    public String read() throws IOException {
        AtomicReference<@Nullable HttpResponse<String>> answer = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        var exchange = client.sendAsync(request, head -> new BoundedText());
        var unused = exchange.whenComplete((response, cause) -> {
            answer.set(response);
            failure.set(cause);
            over.countDown();
        });
        try {
            if (!over.await(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("no complete answer came within " + TIMEOUT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the router is shutting down", e);
        } finally {
            exchange.cancel(true);
        }
        return text(answer.get(), failure.get());
    }

    private static String text(@Nullable HttpResponse<String> answer, @Nullable Throwable failure) throws IOException {
        if (answer == null) {
            Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("it cannot be fetched: " + cause, cause);
        }
        if (answer.statusCode() != 200) {
            throw new IOException("the answer is " + answer.statusCode());
        }
        return answer.body();
    }

    /** The body as text, up to a limit. Threading: called by the client, one call after the other. */
    private static final class BoundedText implements HttpResponse.BodySubscriber<String> {

        private final HttpResponse.BodySubscriber<String> text =
                HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
        private Flow.@Nullable Subscription subscription;
        private long bytes;

        @Override
        public CompletionStage<String> getBody() {
            return text.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            text.onSubscribe(given);
        }

        @Override
        public void onNext(List<ByteBuffer> pieces) {
            bytes += pieces.stream().mapToLong(ByteBuffer::remaining).sum();
            if (bytes <= MAX_BYTES) {
                text.onNext(pieces);
            } else if (subscription != null) {
                subscription.cancel();
                text.onError(new IOException("it has more than " + MAX_BYTES + " bytes"));
            }
        }

        @Override
        public void onError(Throwable cause) {
            text.onError(cause);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }
}
