package io.penstock.router.fleet;

import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The identity of a session as routing sees it: a 64-bit hash of the client's own id, the same in every router. The id
 * itself is not kept. Threading: immutable.
 *
 * @param hash XXH3 of the id
 */
public record SessionKey(long hash) {

    /** The key of a session id. */
    public static SessionKey of(CharSequence id) {
        return new SessionKey(Hashing.xxh3_64().hashCharsToLong(id));
    }

    /** A hash of this session and of one thing it may be assigned to, for weighing such things against each other. */
    public long with(long other) {
        return Hashing.xxh3_64().hashLongLongToLong(hash, other);
    }
}
