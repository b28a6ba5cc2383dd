package io.penstock.router.metrics;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What is running: the versions of the router, of Java and of Netty. Threading: immutable.
 *
 * @param version the router's own version
 * @param java the Java runtime's version
 * @param netty Netty's version
 */
public record Build(String version, String java, String netty) {

    /** Reads the versions from the class path; a version that is not there reads {@code unknown}. */
    public static Build read() {
        Version netty = Version.identify().get("netty-common");
        return new Build(
                routerVersion(),
                System.getProperty("java.version", "unknown"),
                netty == null ? "unknown" : netty.artifactVersion());
    }

    private static String routerVersion() {
        var properties = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties is on the class path but cannot be read", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
