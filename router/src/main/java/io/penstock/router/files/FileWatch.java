package io.penstock.router.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some files that belong together, and the one rule by which a running router takes what they come to hold. Content is compared,
 * not dates or links: so a volume that Kubernetes swaps by a symbolic link, a copy, and an editor's rename are one and the same.
 * A new content is judged when two looks in a row find it, so that a file that is being written is not, nor a certificate before
 * its key is there. What is refused is judged again every {@link #LOOKS_TO_RETRY} looks, as the reason may lie outside these
 * files; each refusal is told once for as long as it stays the same. Only what was judged is remembered. That a file cannot be
 * read is a content of its own.
 *
 * <p>Threading: confined to the thread that looks.
 */
public final class FileWatch {

    /** Looks between two judgements of what was refused. */
    public static final int LOOKS_TO_RETRY = 5;

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final List<Path> files;
    private final int maxBytes;
    private List<String> seen;
    private List<String> judged;
    private @Nullable IOException problem;
    private int looksToRetry;

    /** Judges a new content. */
    @FunctionalInterface
    public interface Taker {

        /**
         * Takes it over.
         *
         * @param now what each file held, in their order; the reading of one may have failed
         * @throws IOException if it is refused; everything is as before then
         */
        void take(List<FileReading> now) throws IOException;
    }

    /** Watches files whose content is taken as it is now; each may have so many bytes. */
    public FileWatch(List<Path> files, int maxBytes) {
        this.files = List.copyOf(files);
        this.maxBytes = maxBytes;
        this.seen = marks(read());
        this.judged = seen;
    }

    /** Watches one file whose content was taken as it was at this reading. */
    public FileWatch(Path file, int maxBytes, FileReading taken) {
        this.files = List.of(file);
        this.maxBytes = maxBytes;
        this.seen = marks(List.of(taken));
        this.judged = seen;
    }

    private List<FileReading> read() {
        return files.stream().map(file -> FileReading.of(file, maxBytes)).toList();
    }

    private static List<String> marks(List<FileReading> readings) {
        return readings.stream().map(FileReading::mark).toList();
    }

    /**
     * Looks whether there is something to judge.
     *
     * @param refused told of every refusal that is not the last one again
     */
    public void look(Taker taker, Consumer<IOException> refused) {
        List<FileReading> now = read();
        List<String> marks = marks(now);
        boolean settled = marks.equals(seen);
        seen = marks;
        looksToRetry = Math.max(0, looksToRetry - 1);
        if (settled && (!marks.equals(judged) || (problem != null && looksToRetry == 0))) {
            judge(now, taker, refused);
        }
    }

    /** Judges what there is, whether it is new or not, and tells of a refusal in any case. */
    public void judgeNow(Taker taker, Consumer<IOException> refused) {
        List<FileReading> now = read();
        seen = marks(now);
        problem = null;
        judge(now, taker, refused);
    }

    private void judge(List<FileReading> now, Taker taker, Consumer<IOException> refused) {
        IOException before = problem;
        problem = problemWith(now, taker);
        judged = seen;
        looksToRetry = LOOKS_TO_RETRY;
        if (problem != null && (before == null || !problem.toString().equals(before.toString()))) {
            refused.accept(problem);
        }
    }

    private @Nullable IOException problemWith(List<FileReading> now, Taker taker) {
        try {
            taker.take(now);
            return null;
        } catch (IOException e) {
            return e;
        } catch (RuntimeException defect) {
            log.error("{} could not be judged", files, defect);
            return new IOException("a defect of the router: " + defect, defect);
        }
    }

    /** Why the last content that was judged is not in use; null if it is. */
    public @Nullable IOException problem() {
        return problem;
    }
}
