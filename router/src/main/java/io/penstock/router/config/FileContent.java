package io.penstock.router.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a configuration file held when it was read, or why it could not be read. Two readings compare by content: the time and the
 * name of the file behind a name say nothing where a symbolic link is exchanged, as Kubernetes does. Threading: immutable.
 */
public final class FileContent {

    private static final int MAX_BYTES = 8 << 20;

    private final byte[] bytes;
    private final String obstacle;

    private FileContent(byte[] bytes, String obstacle) {
        this.bytes = bytes;
        this.obstacle = obstacle;
    }

    /** Reads a file, following links; blocks. */
    public static FileContent read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new FileContent(in.readNBytes(MAX_BYTES), "");
        } catch (IOException e) {
            return new FileContent(new byte[0], obstacle(file, e));
        }
    }

    private static String obstacle(Path file, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "may not be read";
        }
        return Files.isDirectory(file) ? "is a folder, not a file" : "cannot be read: " + failure.getMessage();
    }

    /** True if both held the same, or could not be read for the same reason. */
    public boolean isSame(FileContent other) {
        return Arrays.equals(bytes, other.bytes) && obstacle.equals(other.obstacle);
    }

    /**
     * The configuration in it.
     *
     * @throws ConfigException with every problem found in it, or with the one that kept it from being read
     */
    public RouterConfig config() throws ConfigException {
        if (!obstacle.isEmpty()) {
            throw new ConfigException(List.of(new ConfigProblem(0, 0, "", obstacle)));
        }
        try {
            return ConfigLoader.parseAndLook(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(new ConfigProblem(1, 1, "", "the file is not UTF-8 text")));
        }
    }
}
