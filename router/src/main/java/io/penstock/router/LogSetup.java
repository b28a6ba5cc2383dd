package io.penstock.router;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;

/**
 * The log: one line per event on stderr, from {@code info} up or as {@code PENSTOCK_LOG_LEVEL} says; other libraries' from
 * {@code warn} up. The queue never blocks who logs: nearly full it drops what is below {@code warn}, full it drops all.
 * Written in Java because reading the same from XML took a third of the start. A file named by
 * {@code -Dlogback.configurationFile} is used instead. Threading: called once, by logback.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";
    private static final int QUEUE = 1024;

    /** Called by logback's service loader. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        String level = System.getenv("PENSTOCK_LOG_LEVEL");
        context.getLogger("io.penstock").setLevel(Level.toLevel(level, Level.INFO));
        // broken watches are its daily business, and discovery tells of those that last
        context.getLogger("io.fabric8").setLevel(Level.ERROR);
        // where the system has no name server it announces public ones; SystemNameServers keeps them from being asked
        context.getLogger("io.netty.resolver.dns.DefaultDnsServerAddressStreamProvider")
                .setLevel(Level.ERROR);
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(queue(context, console(context)));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(PATTERN);
        encoder.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget(ConsoleTarget.SystemErr.getName());
        console.setEncoder(encoder);
        console.start();
        return console;
    }

    private static AsyncAppender queue(LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
        var queue = new AsyncAppender();
        queue.setContext(context);
        queue.setName("queue");
        queue.setQueueSize(QUEUE);
        queue.setNeverBlock(true);
        queue.addAppender(console);
        queue.start();
        return queue;
    }
}
