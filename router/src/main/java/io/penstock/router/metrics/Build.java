package io.penstock.router.metrics;

import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.Properties;

/**
 * What is running: the versions of the router, of Java and of Netty. Threading: immutable.
 *
 * @param version the router's own version
 * @param java the Java runtime's version
 * @param netty Netty's version
 */
public record Build(String version, String java, String netty) {

    private static final String UNKNOWN = "unknown";
    private static final String NETTY_VERSION = "netty-common.version";

    /** Reads the versions from the class path; a version that is not there reads {@code unknown}. */
    public static Build read() {
        try {
            return new Build(routerVersion(), System.getProperty("java.version", UNKNOWN), nettyVersion());
        } catch (IOException e) {
            throw new UncheckedIOException("the versions are on the class path but cannot be read", e);
        }
    }

    private static String routerVersion() throws IOException {
        URL file = Build.class.getResource("build.properties");
        return file == null ? UNKNOWN : properties(file).getProperty("version", UNKNOWN);
    }

    /** Netty's own reader of these files parses dates too, which takes a tenth of the router's start. */
    private static String nettyVersion() throws IOException {
        Enumeration<URL> files = Version.class.getClassLoader().getResources("META-INF/io.netty.versions.properties");
        while (files.hasMoreElements()) {
            String version = properties(files.nextElement()).getProperty(NETTY_VERSION);
            if (version != null) {
                return version;
            }
        }
        return UNKNOWN;
    }

    private static Properties properties(URL file) throws IOException {
        var properties = new Properties();
        try (InputStream in = file.openStream()) {
            properties.load(in);
        }
        return properties;
    }
}
