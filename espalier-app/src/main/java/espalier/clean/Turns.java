package espalier.clean;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** When a cleaner may write: while it holds the lock, or for the time of one change. Guarded by its cleaner. */
final class Turns {
    private final Path root;
    private final ChoiceFile choices;
    private Optional<CleanLock> held = Optional.empty();

    /** What is done in a turn. */
    interface Work<T> {
        T run() throws IOException;
    }

    Turns(Path root, ChoiceFile choices) {
        this.root = root;
        this.choices = choices;
    }

    void hold(CleanLock lock) throws IOException {
        choices.check();
        held = Optional.of(lock);
    }

    AutoCloseable hold() throws IOException {
        if (isHeld()) {
            return () -> {};
        }
        var lock = CleanLock.take(root);
        try {
            hold(lock);
            return lock;
        } catch (IOException changed) {
            lock.close();
            throw changed;
        }
    }

    <T> T alone(Work<T> work) throws IOException {
        if (isHeld()) {
            return work.run();
        }
        try (var turn = CleanLock.take(root)) {
            choices.check();
            return work.run();
        }
    }

    private boolean isHeld() {
        return held.filter(CleanLock::isOpen).isPresent();
    }
}
