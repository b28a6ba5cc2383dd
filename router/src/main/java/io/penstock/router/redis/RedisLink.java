package io.penstock.router.redis;

import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import org.jspecify.annotations.Nullable;

/** The way to Redis, where there is one. Threading: any thread. */
interface RedisLink extends AutoCloseable {

    /** Makes a connection as soon as possible, and another one whenever there is none. */
    void start();

    /** The buckets behind the connection there is now, by the bytes of their keys; null if there is none. */
    @Nullable
    AsyncProxyManager<byte[]> buckets();

    /** Takes the connection there is now out of use, as it does not answer as it should; another one is made in a while. */
    void giveUp(String why);

    /** Ends the connection, and makes no other one. */
    @Override
    void close();
}
