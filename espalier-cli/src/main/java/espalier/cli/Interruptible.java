package espalier.cli;

import java.io.IOException;

/**
 * Work that the first Ctrl-C ends by interrupting its thread. For work on one file after the other that leaves nothing
 * half done under a final name and goes on when it is run again.
 */
final class Interruptible {
    private final Thread worker = Thread.currentThread();
    private volatile boolean asked;

    private Interruptible() {}

    /** What is done. */
    interface Work {
        /** Does it; gives the exit code. */
        int run() throws IOException;
    }

    /** Does {@code work}; {@code told} is said at the first Ctrl-C, after which the exit code is 130. */
    static int run(Console console, String told, Work work) throws IOException {
        var interruptible = new Interruptible();
        try (var interrupts = console.interrupts(told)) {
            interrupts.onFirst(interruptible::ask);
            return work.run();
        } catch (IOException | RuntimeException failure) {
            if (interruptible.asked) {
                return ExitCodes.INTERRUPTED;
            }
            throw failure;
        } finally {
            Thread.interrupted(); // the thread may go on to other work
        }
    }

    private void ask() {
        asked = true;
        worker.interrupt();
    }
}
