package io.penstock.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux tells about a process in {@code /proc} (proc(5)). Threading: any thread; reads take some microseconds. */
final class ProcFiles {

    /** The kernel's unit of time towards user space, the same on every architecture Java runs on. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s+(\\S+)$");
    private static final Pattern READS = Pattern.compile("(?m)^syscr: (\\d+)$");
    private static final Pattern WRITES = Pattern.compile("(?m)^syscw: (\\d+)$");
    private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*: (.+)$");
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int IDLE = 4;
    private static final int WAITING = 5;
    private static final int STEAL = 8;

    private ProcFiles() {}

    /** The processor time of all threads the process has or had, user and system, in microseconds. */
    static long cpuMicros(long pid) {
        return cpuMicros(read(Path.of("/proc", Long.toString(pid), "stat")));
    }

    static long cpuMicros(String stat) {
        // The name before the last parenthesis may contain anything; the state is the first field behind it.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * MICROS_PER_TICK;
    }

    /** The processor time that was not left idle since the machine started, on all processors, in microseconds. */
    static long busyMicros() {
        return busyMicros(read(Path.of("/proc/stat")));
    }

    static long busyMicros(String stat) {
        String[] fields = stat.substring(0, stat.indexOf('\n')).trim().split(" +", -1);
        long ticks = 0;
        for (int i = 1; i <= STEAL; i++) {
            ticks += i == IDLE || i == WAITING ? 0 : Long.parseLong(fields[i]);
        }
        return ticks * MICROS_PER_TICK;
    }

    /** The memory of the process that is in RAM, in KiB. */
    static long residentKib(long pid) {
        return residentKib(read(Path.of("/proc", Long.toString(pid), "status")));
    }

    static long residentKib(String status) {
        return Long.parseLong(find(RESIDENT, status));
    }

    /** How often a process called the kernel to read and to write. Threading: immutable. */
    record Calls(long reads, long writes) {}

    /** How often the process called the kernel to read and to write, files and sockets. */
    static Calls calls(long pid) {
        return calls(read(Path.of("/proc", Long.toString(pid), "io")));
    }

    static Calls calls(String io) {
        return new Calls(Long.parseLong(find(READS, io)), Long.parseLong(find(WRITES, io)));
    }

    /** The packets sent over the loopback device. */
    static long loopbackPackets() {
        return Long.parseLong(
                read(Path.of("/sys/class/net/lo/statistics/tx_packets")).trim());
    }

    /** The processors this process may use, as a list such as {@code 0-3,8}. */
    static String allowedCores() {
        return allowedCores(read(Path.of("/proc/self/status")));
    }

    static String allowedCores(String status) {
        return find(ALLOWED, status);
    }

    /** The processor's name. */
    static String processor() {
        Matcher model = MODEL.matcher(read(Path.of("/proc/cpuinfo")));
        return model.find() ? model.group(1) : System.getProperty("os.arch");
    }

    /** The load averages of 1, 5 and 15 minutes. */
    static String loadAverages() {
        String[] words = read(Path.of("/proc/loadavg")).split(" ", -1);
        return words[0] + " " + words[1] + " " + words[2];
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new BenchmarkException("/proc has no " + pattern);
        }
        return matcher.group(1);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BenchmarkException("cannot read " + file + "; the benchmark needs Linux", e);
        }
    }
}
