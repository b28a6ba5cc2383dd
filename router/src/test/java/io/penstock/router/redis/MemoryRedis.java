package io.penstock.router.redis;

import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What Redis does for buckets, in memory, for any number of routers; it answers at once, or when it is told to. Threading: the test's
 * thread.
 */
final class MemoryRedis {

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holds;
    private int questions;

    /** A connection of one router. */
    Link link(TimeMeter clock) {
        return new Link(clock);
    }

    Map<String, byte[]> entries() {
        return entries;
    }

    /** How often it was asked for a bucket. */
    int questions() {
        return questions;
    }

    /** Answers nothing until {@link #release}. */
    void hold() {
        holds = true;
    }

    void release() {
        holds = false;
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(Runnable::run);
    }

    private <T> CompletableFuture<T> answer(CompletableFuture<T> future, T with) {
        if (holds) {
            held.add(() -> future.complete(with));
        } else {
            future.complete(with);
        }
        return future;
    }

    /** One connection, which can be cut. */
    final class Link implements RedisLink {

        private final List<String> givenUp = new ArrayList<>();
        private final TimeMeter clock;
        private @Nullable AsyncProxyManager<byte[]> buckets;

        Link(TimeMeter clock) {
            this.clock = clock;
            connect();
        }

        void connect() {
            buckets = new Buckets(clock).asAsync();
        }

        List<String> givenUp() {
            return givenUp;
        }

        @Override
        public void start() {
            connect();
        }

        @Override
        public @Nullable AsyncProxyManager<byte[]> buckets() {
            return buckets;
        }

        @Override
        public void giveUp(String why) {
            buckets = null;
            givenUp.add(why);
        }

        @Override
        public void close() {
            buckets = null;
        }
    }

    private final class Buckets extends AbstractCompareAndSwapBasedProxyManager<byte[]> {

        Buckets(TimeMeter clock) {
            super(ClientSideConfig.getDefault().withClientClock(clock));
        }

        @Override
        protected CompareAndSwapOperation beginCompareAndSwapOperation(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(byte[] key) {
            String name = new String(key, StandardCharsets.UTF_8);
            return new AsyncCompareAndSwapOperation() {
                @Override
                public CompletableFuture<Optional<byte[]>> getStateData(Optional<Long> timeout) {
                    questions++;
                    return answer(new CompletableFuture<>(), Optional.ofNullable(entries.get(name)));
                }

                @Override
                public CompletableFuture<Boolean> compareAndSwap(
                        byte @Nullable [] before, byte[] after, RemoteBucketState state, Optional<Long> timeout) {
                    boolean same = Arrays.equals(entries.get(name), before);
                    if (same) {
                        entries.put(name, after);
                    }
                    return answer(new CompletableFuture<>(), same);
                }
            };
        }

        @Override
        public void removeProxy(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected CompletableFuture<Void> removeAsync(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isAsyncModeSupported() {
            return true;
        }
    }
}
