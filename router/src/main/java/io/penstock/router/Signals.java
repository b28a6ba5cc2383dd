package io.penstock.router;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK's own way, {@code sun.misc.Signal}, is part of no standard, so it is called by
 * reflection, and a JVM that does not have it, or keeps a signal to itself, is no failure. Threading: any thread.
 */
final class Signals {

    private Signals() {}

    /** What became of asking for a signal. */
    enum Had {
        /** It is had. */
        TAKEN,
        /** Whoever started the process had it ignored, as {@code nohup} does: it never comes. */
        IGNORED,
        /** It cannot be had: what the JVM does with it stays. */
        UNAVAILABLE
    }

    /**
     * Runs {@code action} for each signal of this name from now on, each time on a thread of its own, instead of what the JVM
     * does with it.
     *
     * @param name such as {@code TERM}
     */
    static Had on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, new Handler("SIG" + name, action));
            Object named = signal.getConstructor(String.class).newInstance(name);
            Object before = signal.getMethod("handle", signal, handler).invoke(null, named, proxy);
            return before == handler.getField("SIG_IGN").get(null) ? Had.IGNORED : Had.TAKEN;
        } catch (ReflectiveOperationException unavailable) {
            return Had.UNAVAILABLE;
        }
    }

    /** The JDK's handler. Threading: a thread of the JVM for each signal. */
    private record Handler(String name, Runnable action) implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield name;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> name;
            };
        }
    }
}
