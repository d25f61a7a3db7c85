package espalier.collect;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Hands out addresses to workers, politely: so many at once from one host, none from a host that asked
 * for a pause, hosts in turn. A host that never answers is given up, so that it cannot hold the others.
 */
final class HostQueue {
    /** Network failures in a row after which a host is given up. */
    private static final int PATIENCE = 12;

    /** One address to fetch; {@code attempt} counts from 0. */
    record Task(int index, String url, String host, int attempt, long notBefore) {}

    private static final class Host {
        final Deque<Task> waiting = new ArrayDeque<>();
        int running;
        int failures;
        long pausedUntil;
    }

    private final int perHost;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private int open;
    private boolean stopped;

    HostQueue(int perHost) {
        this.perHost = perHost;
    }

    synchronized void add(int index, String url, String host) {
        host(host).waiting.add(new Task(index, url, host, 0, System.nanoTime()));
        open++;
    }

    /** The next address that may be fetched now; waits for it; empty when all are done. */
    synchronized Optional<Task> take() throws InterruptedException {
        while (open > 0 && !stopped) {
            long now = System.nanoTime();
            long soonest = Long.MAX_VALUE;
            for (var entry : hosts.entrySet()) {
                Host host = entry.getValue();
                if (host.waiting.isEmpty() || host.running >= perHost) {
                    continue;
                }
                long wait = Math.max(host.pausedUntil, earliest(host)) - now;
                if (wait <= 0) {
                    return Optional.of(start(entry.getKey(), host, now));
                }
                soonest = Math.min(soonest, wait);
            }
            if (soonest == Long.MAX_VALUE) {
                wait();
            } else {
                wait(soonest / 1_000_000 + 1);
            }
        }
        return Optional.empty();
    }

    /** Waits until all addresses are done with or the work was ended; whether all are. */
    synchronized boolean await() throws InterruptedException {
        while (open > 0 && !stopped) {
            wait();
        }
        return open == 0;
    }

    /** The address is done with; {@code answered} when its host said anything at all. */
    synchronized void done(Task task, boolean answered) {
        end(task, answered);
        open--;
        notifyAll();
    }

    /** The address shall be tried again after {@code wait}. */
    synchronized void again(Task task, boolean answered, Duration wait) {
        end(task, answered);
        host(task.host())
                .waiting
                .add(new Task(
                        task.index(), task.url(), task.host(), task.attempt() + 1, System.nanoTime() + wait.toNanos()));
        notifyAll();
    }

    /** Nothing shall be asked of {@code host} for {@code wait}. */
    synchronized void pause(String host, Duration wait) {
        Host paused = host(host);
        paused.pausedUntil = Math.max(paused.pausedUntil, System.nanoTime() + wait.toNanos());
    }

    /** Whether {@code host} failed so often in a row that asking it is a waste of time. */
    synchronized boolean givenUp(String host) {
        return host(host).failures >= PATIENCE;
    }

    /** Ends the work: every worker's next {@link #take} is empty. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    private Host host(String name) {
        return hosts.computeIfAbsent(name, key -> {
            var host = new Host();
            host.pausedUntil = System.nanoTime();
            return host;
        });
    }

    private static long earliest(Host host) {
        return host.waiting.stream().mapToLong(Task::notBefore).min().orElseThrow();
    }

    private Task start(String name, Host host, long now) {
        hosts.remove(name); // to the end: hosts take turns
        hosts.put(name, host);
        for (Iterator<Task> tasks = host.waiting.iterator(); ; ) {
            Task task = tasks.next();
            if (task.notBefore() - now <= 0) {
                tasks.remove();
                host.running++;
                return task;
            }
        }
    }

    private void end(Task task, boolean answered) {
        Host host = host(task.host());
        host.running--;
        host.failures = answered ? 0 : host.failures + 1;
    }
}
