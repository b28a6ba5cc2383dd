package io.penstock.router.tracing;

import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Why an export failed, in words for the log. Threading: pure functions. */
final class ExportProblem {

    private static final int LONGEST = 300;
    private static final int DEEPEST = 8;

    private ExportProblem() {}

    /** The first cause that says something; JDK's clients wrap theirs, and leave texts out. */
    static String of(Throwable failure) {
        String said = null;
        @Nullable Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            if (at instanceof ConnectException) {
                return "the connection is refused, or the name is not known";
            }
            if (at instanceof HttpTimeoutException) {
                return "no answer in time";
            }
            if (at instanceof NoSuchFileException) {
                return "the file " + at.getMessage() + " does not exist";
            }
            said = at.getMessage() == null ? said : at.getMessage();
            at = at.getCause();
        }
        String text = said == null ? failure.getClass().getSimpleName() : said;
        String line = text.replaceAll("\\s+", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
