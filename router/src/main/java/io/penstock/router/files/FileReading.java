package io.penstock.router.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a small file held when it was read, following links, or why it could not be read. Never more is read than the file may
 * have. Threading: immutable; reading blocks for as long as the file system does.
 */
public final class FileReading {

    private final byte[] bytes;
    private final String obstacle;

    private FileReading(byte[] bytes, String obstacle) {
        this.bytes = bytes;
        this.obstacle = obstacle;
    }

    /**
     * Reads a regular file. Anything else, such as a pipe that nobody writes to, is not opened, and what is too large is not read.
     */
    public static FileReading of(Path file, int maxBytes) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (found.isDirectory()) {
                return obstacle("is a folder, not a file");
            }
            if (!found.isRegularFile()) {
                return obstacle("is not a regular file");
            }
            return found.size() > maxBytes ? tooLarge(maxBytes) : ofAnyKind(file, maxBytes);
        } catch (IOException e) {
            return obstacle(told(e));
        }
    }

    /** Reads whatever has this name, a pipe to its end: for what is read once, before anything runs. */
    public static FileReading ofAnyKind(Path file, int maxBytes) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(maxBytes + 1);
            return read.length > maxBytes ? tooLarge(maxBytes) : new FileReading(read, "");
        } catch (IOException e) {
            return obstacle(Files.isDirectory(file) ? "is a folder, not a file" : told(e));
        }
    }

    private static FileReading tooLarge(int maxBytes) {
        return obstacle("is larger than " + (maxBytes >> 20) + " MiB");
    }

    private static FileReading obstacle(String obstacle) {
        return new FileReading(new byte[0], obstacle);
    }

    private static String told(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return failure instanceof AccessDeniedException
                ? "may not be read by this process"
                : "cannot be read: " + failure.getMessage();
    }

    /** Why it could not be read; empty if it could. */
    public String obstacle() {
        return obstacle;
    }

    /** What it held. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** What it held, as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The same for two readings that brought the same; tells nothing of what the file held. */
    String mark() {
        return obstacle.isEmpty() ? HexFormat.of().formatHex(sha256().digest(bytes)) : obstacle;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
