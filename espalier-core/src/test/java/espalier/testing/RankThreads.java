package espalier.testing;

import espalier.tensor.ProcessGroup;
import espalier.tensor.RankStore;
import espalier.tensor.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The ranks of a process group as threads of this process. */
public final class RankThreads {
    /** What a rank does. */
    public interface Body<R> {
        R run(ProcessGroup group) throws Exception;
    }

    private RankThreads() {}

    /** Runs {@code body} on each of {@code size} ranks; returns what they gave, in their order. */
    public static <R> List<R> run(int size, Body<R> body) throws Exception {
        return run(size, Duration.ofMinutes(2), body);
    }

    /** The same with another timeout. */
    public static <R> List<R> run(int size, Duration timeout, Body<R> body) throws Exception {
        var threads = Executors.newFixedThreadPool(size);
        try (var store = RankStore.open()) {
            var meeting = ProcessGroup.Meeting.at("127.0.0.1", store.port())
                    .localAddress("127.0.0.1")
                    .timeout(timeout);
            var tasks = new ArrayList<Callable<R>>();
            for (int i = 0; i < size; i++) {
                int rank = i;
                tasks.add(() -> {
                    try (var scope = Scope.open();
                            var group = ProcessGroup.join(meeting, rank, size)) {
                        return body.run(group);
                    }
                });
            }
            var results = new ArrayList<R>();
            for (Future<R> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        } finally {
            threads.shutdownNow();
        }
    }
}
