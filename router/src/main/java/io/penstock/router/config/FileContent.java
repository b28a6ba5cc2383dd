package io.penstock.router.config;

import io.penstock.router.files.FileReading;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration file held when it was read, or why it could not be read. Threading: immutable.
 *
 * @param reading the reading of the file
 */
public record FileContent(FileReading reading) {

    /** What a configuration file may have at most. */
    public static final int MAX_BYTES = 8 << 20;

    /** Reads a file or a pipe, following links; blocks. */
    public static FileContent read(Path file) {
        return new FileContent(FileReading.ofAnyKind(file, MAX_BYTES));
    }

    /**
     * The configuration in it, with a look at the other files that it names.
     *
     * @throws ConfigException with every problem found in it, or with the one that kept it from being read
     */
    public RouterConfig config() throws ConfigException {
        if (!reading.obstacle().isEmpty()) {
            throw new ConfigException(List.of(new ConfigProblem(0, 0, "", reading.obstacle())));
        }
        try {
            return ConfigLoader.parseWithFiles(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(reading.bytes()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(new ConfigProblem(1, 1, "", "the file is not UTF-8 text")));
        }
    }
}
