package io.penstock.router.tokenize;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The native library of Hugging Face's tokenizers, which DJL carries: loaded when the first tokenizer needs it, and not
 * before. It is unpacked into a folder of its own that only this process may use and that is deleted again at once, unless
 * {@code DJL_CACHE_DIR} or {@code ENGINE_CACHE_DIR} names one. Nothing is fetched: DJL is told to stay offline before any
 * class of it that could ask runs.
 *
 * <p>Threading: any thread; the first one loads.
 */
final class NativeLibrary {

    private static final String CACHE = "DJL_CACHE_DIR";

    private NativeLibrary() {}

    /** Loads it once for the process. */
    private static final class Loaded {

        static final String PROBLEM = problem();
    }

    /**
     * Makes sure that it is there.
     *
     * @throws TokenizerException if it cannot be loaded here
     */
    static void require() throws TokenizerException {
        if (!Loaded.PROBLEM.isEmpty()) {
            throw new TokenizerException(Loaded.PROBLEM);
        }
    }

    private static String problem() {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        Path folder = null;
        try {
            if (!isConfigured(CACHE) && !isConfigured("ENGINE_CACHE_DIR")) {
                folder = Files.createTempDirectory("penstock-tokenizers-");
                System.setProperty(CACHE, folder.toString());
            }
            LibUtils.checkStatus();
            return "";
        } catch (IOException e) {
            return "the native tokenizers library cannot be unpacked into "
                    + System.getProperty("java.io.tmpdir") + ": " + e.getMessage()
                    + "; set java.io.tmpdir or the environment variable " + CACHE
                    + " to a folder that may be written to";
        } catch (RuntimeException | LinkageError e) {
            return "the native tokenizers library cannot be loaded: " + deepest(e)
                    + "; it needs Linux on x86_64 or aarch64 with glibc 2.34, macOS on aarch64 or Windows on x86_64";
        } finally {
            delete(folder);
        }
    }

    private static boolean isConfigured(String variable) {
        return System.getenv(variable) != null || System.getProperty(variable) != null;
    }

    private static String deepest(Throwable failure) {
        Throwable at = failure;
        for (Throwable cause = at.getCause(); cause != null; cause = cause.getCause()) {
            at = cause;
        }
        return String.valueOf(at.getMessage());
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        System.clearProperty(CACHE);
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftBehind) {
            folder.toFile().deleteOnExit(); // where a loaded library may not be deleted
        }
    }
}
