package io.penstock.router.access;

import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every client's API key by its digest; the keys themselves are not kept. A key is found in a time that depends neither on
 * how many there are nor, in a way that is of use to anybody, on which one it is: see {@link Digest}.
 *
 * <p>Threading: found on event loops in an immutable map that is published by one volatile write; refreshed on one thread.
 */
final class ApiKeys implements Refreshed {

    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    private final List<Entry> entries = new ArrayList<>();
    private volatile Map<Digest, Caller> byDigest;

    /** One configured key: whose it is, and where its digests come from. */
    private record Entry(
            Caller caller, List<Digest> fixed, @Nullable SecretFile file) {}

    /**
     * Reads every key.
     *
     * @param callers who has the key of a name
     * @param environment the value of an environment variable, or null
     * @throws IOException if a file or variable is missing or holds no key
     */
    ApiKeys(List<ClientKeyConfig> keys, Map<String, Caller> callers, UnaryOperator<@Nullable String> environment)
            throws IOException {
        for (ClientKeyConfig key : keys) {
            entries.add(entry(key, Objects.requireNonNull(callers.get(key.name())), environment));
        }
        byDigest = index();
    }

    private static Entry entry(ClientKeyConfig key, Caller caller, UnaryOperator<@Nullable String> environment)
            throws IOException {
        if (key.sha256() != null) {
            return new Entry(caller, List.of(Digest.ofHex(key.sha256())), null);
        }
        if (key.file() != null) {
            SecretFile file = new SecretFile(key.file());
            if (digests(file.text()).isEmpty()) {
                throw new IOException("access key " + key.name() + ": the file " + file + " holds no key");
            }
            return new Entry(caller, List.of(), file);
        }
        String value = environment.apply(key.env());
        if (value == null || value.isBlank()) {
            throw new IOException(
                    "access key " + key.name() + ": the environment variable " + key.env() + " holds no key");
        }
        return new Entry(caller, List.of(Digest.of(value.strip())), null);
    }

    private static List<Digest> digests(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Digest::of)
                .toList();
    }

    private Map<Digest, Caller> index() {
        Map<Digest, Caller> index = new HashMap<>();
        for (Entry entry : entries) {
            List<Digest> digests =
                    entry.file() == null ? entry.fixed() : digests(entry.file().text());
            for (Digest digest : digests) {
                Caller first = index.putIfAbsent(digest, entry.caller());
                if (first != null && !first.equals(entry.caller())) {
                    log.warn(
                            "access keys {} and {} are the same key, which counts as {}",
                            first.name(),
                            entry.caller().name(),
                            first.name());
                }
            }
        }
        return index;
    }

    /** Whose key this is, or null. */
    @Nullable
    Caller find(Digest digest) {
        return byDigest.get(digest);
    }

    @Override
    public void refresh() throws IOException {
        boolean changed = false;
        List<String> failures = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                changed |= entry.file() != null && entry.file().refresh(any -> {});
            } catch (IOException e) {
                failures.add("access key " + entry.caller().name() + ", " + e.getMessage());
            }
        }
        if (changed) {
            byDigest = index();
            log.info("the access keys have changed: there are {} now", byDigest.size());
        }
        if (!failures.isEmpty()) {
            throw new IOException(String.join("; ", failures));
        }
    }

    @Override
    public String toString() {
        return "a file of access keys";
    }
}
