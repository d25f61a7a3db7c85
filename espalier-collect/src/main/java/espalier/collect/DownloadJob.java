package espalier.collect;

import espalier.collect.HostQueue.Task;
import espalier.collect.PictureDownload.Outcome;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Url;
import espalier.files.CannotWriteException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** One run of a {@link Downloader}: its workers, and what they do with each outcome. */
final class DownloadJob {
    private final Downloader settings;
    private final DownloadState state;
    private final PictureDownload pictures;
    private final HostQueue queue;
    private final Map<String, ImageHit> hits = new LinkedHashMap<>();
    private final Set<String> settledBefore = new HashSet<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Exception> fatal = new AtomicReference<>();

    DownloadJob(Downloader settings, DownloadState state, List<ImageHit> hits) {
        this.settings = settings;
        this.state = state;
        this.pictures = new PictureDownload(settings, state);
        this.queue = new HostQueue(settings.pace().perHost());
        hits.forEach(hit -> this.hits.putIfAbsent(hit.url(), hit));
    }

    DownloadReport run() throws IOException {
        int waiting = enqueue();
        for (int i = 0; i < Math.min(waiting, settings.pace().connections()); i++) {
            var worker = new Thread(this::work, "espalier-download-" + i);
            worker.setDaemon(true);
            worker.start();
        }
        boolean all;
        try (var listening = settings.stop().listen(queue::stop)) {
            all = queue.await();
        } catch (InterruptedException stop) {
            queue.stop();
            finish(false);
            Thread.currentThread().interrupt(); // only now: an interrupted thread cannot write the reports
            throw new InterruptedIOException("the download was interrupted; run it again to continue");
        }
        return finish(all);
    }

    private DownloadReport finish(boolean all) throws IOException {
        Exception failure = fatal.get();
        if (failure instanceof IOException disk) {
            throw CannotWriteException.of(settings.directory(), disk);
        } else if (failure != null) {
            throw new IllegalStateException("a download failed: " + failure, failure);
        }
        try {
            return new DownloadReport(state.finish(List.copyOf(hits.keySet())), settledBefore, !all);
        } catch (IOException disk) {
            throw CannotWriteException.of(settings.directory(), disk);
        }
    }

    private int enqueue() throws IOException {
        var settled = state.settled(settings.minSize());
        int waiting = 0;
        int index = 0;
        for (ImageHit hit : hits.values()) {
            if (settled.containsKey(hit.url())) {
                settledBefore.add(hit.url());
                done.incrementAndGet();
                continue;
            }
            try {
                queue.add(index++, hit.url(), Url.of(hit.url()).authority());
                waiting++;
            } catch (FetchException refused) {
                finish(DownloadRow.rejected(hit.url(), 0, refused.getMessage()), hit);
            }
        }
        return waiting;
    }

    private void work() {
        try {
            for (var task = queue.take(); task.isPresent(); task = queue.take()) {
                handle(task.get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failure) {
            fatal.compareAndSet(null, failure);
            queue.stop();
        }
    }

    private void handle(Task task) throws IOException {
        ImageHit hit = java.util.Objects.requireNonNull(hits.get(task.url()));
        if (queue.givenUp(task.host())) {
            finish(DownloadRow.failed(task.url(), "the host " + task.host() + " does not answer"), hit);
            queue.done(task, false);
            return;
        }
        Outcome outcome = pictures.fetch(task, hit);
        boolean answered = outcome.answered();
        outcome.hostPause().ifPresent(pause -> queue.pause(task.host(), pause));
        if (outcome.retry().isPresent()) {
            Duration wait = outcome.retry().get();
            queue.again(task, answered, wait);
            return;
        }
        finish(outcome.row(), hit);
        queue.done(task, answered);
    }

    private void finish(DownloadRow row, ImageHit hit) throws IOException {
        if (row.status() == DownloadRow.Status.REJECTED || row.status() == DownloadRow.Status.FAILED) {
            state.note(row, hit);
        } // the others were noted when their file was kept
        synchronized (settings.progress()) {
            settings.progress().update(done.incrementAndGet(), hits.size(), row.url());
        }
    }
}
