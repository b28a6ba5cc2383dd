package io.penstock.router.access;

import com.nimbusds.jose.jwk.JWKSet;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.io.IOException;
import java.text.ParseException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public keys of one issuer, from a file or a URL. They are read again every so often, and soon after a token came
 * that is signed with a key that is not among them; but never more often than once in {@link #MIN_NANOS}, whatever
 * tokens come.
 *
 * <p>Threading: read on any thread, published by one volatile write; refreshed on one thread.
 */
final class IssuerKeys implements Refreshed {

    /** The least time between two readings of a URL. */
    static final long MIN_NANOS = 10_000_000_000L;

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);

    private final String issuer;
    private final KeySource source;
    private final Ticker ticker;
    private final long intervalNanos;
    private final @Nullable SecretFile file;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private String text = "";
    private long readNanos;
    private volatile JWKSet keys = new JWKSet();

    /**
     * Where the text of a key set comes from.
     */
    @FunctionalInterface
    interface KeySource {

        /** Reads it, waiting for it if need be. */
        String read() throws IOException;
    }

    /** Keys that were not read yet. */
    IssuerKeys(JwtConfig config, KeySource source, Ticker ticker) {
        this(config, source, ticker, null);
    }

    private IssuerKeys(JwtConfig config, KeySource source, Ticker ticker, @Nullable SecretFile file) {
        this.issuer = config.name();
        this.source = source;
        this.ticker = ticker;
        this.intervalNanos = config.refresh().toNanos();
        this.file = file;
    }

    /**
     * Keys from a file, which is looked at every time it is time to refresh anything.
     *
     * @throws IOException if the file cannot be read
     */
    static IssuerKeys ofFile(JwtConfig config, Ticker ticker) throws IOException {
        try {
            SecretFile file = new SecretFile(config.jwks());
            return new IssuerKeys(config, file::text, ticker, file);
        } catch (IOException e) {
            throw new IOException("the key set of issuer " + config.name() + ", " + e.getMessage(), e);
        }
    }

    /** The keys as they are known now; none if they could not be read yet. A new object when they have changed. */
    JWKSet current() {
        return keys;
    }

    /** A token names a key that is not among these: they are read again soon. Any thread. */
    void want() {
        wanted.set(true);
    }

    /** Reads the keys now. */
    void read() throws IOException {
        readNanos = ticker.nanos();
        String now = source.read();
        if (!now.equals(text)) {
            JWKSet parsed = parsed(now);
            text = now;
            keys = parsed;
            log.info("issuer {} has {} public keys", issuer, parsed.size());
        }
    }

    private static JWKSet parsed(String text) throws IOException {
        try {
            return JWKSet.parse(text).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IOException("it is not a key set (RFC 7517): " + e.getMessage(), e);
        }
    }

    @Override
    public void refresh() throws IOException {
        if (file != null) {
            if (file.refresh(IssuerKeys::parsed)) {
                read();
            }
            return;
        }
        long age = ticker.nanos() - readNanos;
        boolean soon = wanted.get() || keys.isEmpty();
        if (age >= intervalNanos || (soon && age >= MIN_NANOS)) {
            wanted.set(false);
            read();
        }
    }

    @Override
    public String toString() {
        return "the key set of issuer " + issuer;
    }
}
