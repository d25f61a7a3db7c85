package espalier.cli;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/**
 * What happens on Ctrl-C, and on the signals TERM and HUP: the first time the work is asked to end by itself, the
 * second time the process ends at once.
 *
 * <p>The JDK has no public way to hear of a second Ctrl-C; its internal one is reached by name, so that nothing breaks
 * where it is missing: there, a shutdown hook asks the work to end and waits for it.
 */
final class Interrupts implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final Thread worker = Thread.currentThread();
    private final PrintWriter err;
    private final String told;
    private Optional<Runnable> stop = Optional.empty();
    private boolean interrupted;

    private Interrupts(PrintWriter err, String told) {
        this.err = err;
        this.told = told;
    }

    /** Listens from now on; {@code told} is said at the first signal. */
    static Interrupts listen(PrintWriter err, String told) {
        var interrupts = new Interrupts(err, told);
        for (String signal : SIGNALS) {
            interrupts.handle(signal);
        }
        return interrupts;
    }

    /** From now on the first signal runs {@code stop}; before, it ends the process. */
    synchronized void onFirst(Runnable stop) {
        this.stop = Optional.of(stop);
    }

    private synchronized void signalled() {
        if (interrupted || stop.isEmpty()) {
            if (!interrupted) {
                err.println();
                err.println("Interrupted before there was anything to save.");
                err.flush();
            }
            Runtime.getRuntime().halt(ExitCodes.INTERRUPTED);
        }
        interrupted = true;
        err.println();
        err.println(told);
        err.flush();
        stop.ifPresent(Runnable::run);
    }

    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            signalled();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException unavailable) {
            if (name.equals(SIGNALS.get(0))) {
                Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait));
            }
        }
    }

    private void stopAndWait() {
        if (worker.isAlive()) {
            synchronized (this) {
                stop.ifPresent(Runnable::run);
            }
            try {
                worker.join();
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** From now on a signal ends the process at once. */
    @Override
    public synchronized void close() {
        stop = Optional.empty();
    }
}
