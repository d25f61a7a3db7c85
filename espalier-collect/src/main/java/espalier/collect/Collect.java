package espalier.collect;

import espalier.collect.DownloadRow.Status;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/**
 * Searching and downloading in one: asks for more results until as many pictures as wanted are there or
 * there are no more. Run again it continues, and asks for nothing twice. A picture that was thrown out since stays
 * out, and another takes its place; to have it again, delete the folder's {@code download-report.csv}.
 *
 * <pre>{@code
 * Collect.of(Search.of("openverse"), 150)
 *         .classes("{} bear", List.of("grizzly", "black", "teddy"), Path.of("data/bears"));
 * }</pre>
 *
 * @param search whom to ask, and for what kind of pictures
 * @param count how many pictures a class
 * @param settings changes to the {@link Downloader} of each folder
 * @param stop ends the work early when asked; the reports are written
 */
public record Collect(Search search, int count, UnaryOperator<Downloader> settings, StopSignal stop) {
    /**
     * What one search brought.
     *
     * @param query the words
     * @param folder where the pictures are
     * @param kept how many pictures of this search are there
     * @param deleted how many pictures of this search an earlier run kept and somebody threw out since
     * @param asked how many addresses the provider gave
     * @param rejected addresses that gave nothing
     * @param warnings what went wrong without ending the search
     * @param failure what ended the search of a class before anything came; empty when nothing did
     */
    public record Result(
            String query,
            Path folder,
            int kept,
            int deleted,
            int asked,
            List<Rejected> rejected,
            List<String> warnings,
            Optional<Exception> failure) {
        public Result {
            rejected = List.copyOf(rejected);
            warnings = List.copyOf(warnings);
        }

        private static Result failed(String query, Path folder, Exception failure) {
            return new Result(query, folder, 0, 0, 0, List.of(), List.of(), Optional.of(failure));
        }
    }

    /** Collects {@code count} pictures a class by {@code search}. */
    public static Collect of(Search search, int count) {
        return new Collect(search, count, UnaryOperator.identity(), new StopSignal());
    }

    /** This with changed downloaders, as in {@code .downloads(d -> d.minSize(200))}. */
    public Collect downloads(UnaryOperator<Downloader> change) {
        return new Collect(search, count, change, stop);
    }

    /** This, ending early when {@code signal} is given. */
    public Collect stop(StopSignal signal) {
        return new Collect(search, count, settings, signal);
    }

    /**
     * Collects pictures for {@code query} in {@code folder}.
     *
     * @throws espalier.files.CannotWriteException when the folder cannot be written
     * @throws IOException when the provider cannot be asked and nothing is at hand
     */
    public Result into(String query, Path folder) throws IOException {
        Destination.folder(folder);
        var results = search.results(query, count);
        var rejected = new ArrayList<Rejected>();
        var warnings = new ArrayList<String>();
        int kept = 0;
        int deleted = 0;
        int asked = 0;
        var batch = next(results, count);
        while (!batch.isEmpty()) {
            var report = settings.apply(Downloader.into(folder).stop(stop)).run(batch);
            kept += report.count(Status.KEPT);
            deleted += report.count(Status.DELETED);
            asked += batch.size();
            rejected.addAll(report.rejected());
            announce(batch, report, warnings);
            batch = kept < count ? next(results, count - kept) : List.of();
        }
        if (!stop.isAsked()) {
            warnings.addAll(results.warnings());
        }
        return new Result(query, folder, kept, deleted, asked, rejected, warnings, Optional.empty());
    }

    /** More results; none as soon as the end is asked for, though the provider keeps us waiting. */
    private List<ImageHit> next(SearchResults results, int most) throws IOException {
        var asking = new FutureTask<>(() -> results.next(most));
        var thread = new Thread(asking, "espalier-search");
        thread.setDaemon(true);
        try (var listening = stop.listen(() -> asking.cancel(true))) {
            thread.start();
            return asking.get();
        } catch (CancellationException asked) {
            return List.of();
        } catch (InterruptedException interrupt) {
            asking.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the search was interrupted; run it again to continue");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException network) {
                throw network;
            } else if (failure.getCause() instanceof RuntimeException other) {
                throw other;
            }
            throw new IllegalStateException("the search failed: " + failure.getCause(), failure);
        }
    }

    /**
     * Collects pictures of several classes, each in a folder of its name below {@code root}. A class that cannot be
     * searched for does not keep the others from being: its result says why.
     *
     * @param template what to search for, {@code {}} standing for the class, such as {@code "{} bear"}
     * @throws espalier.files.CannotWriteException when a folder cannot be written
     * @throws IllegalArgumentException when there are no names, two of them share a folder, or the template has no
     *     {@code {}}
     */
    public List<Result> classes(String template, List<String> names, Path root) throws IOException {
        checkClasses(template, names);
        var results = new ArrayList<Result>();
        for (String name : names) {
            if (stop.isAsked()) {
                break;
            }
            String query = template.replace("{}", name.strip());
            Path folder = root.resolve(FileNames.safe(name.strip()));
            try {
                results.add(into(query, folder));
            } catch (CannotWriteException | InterruptedIOException end) {
                throw end;
            } catch (IOException | DataException failure) {
                results.add(Result.failed(query, folder, failure));
            }
        }
        return results;
    }

    /** Passes when {@link #classes} takes these. @throws IllegalArgumentException when it does not */
    public static void checkClasses(String template, List<String> names) {
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank) || !template.contains("{}")) {
            throw new IllegalArgumentException("Expected classes and a query with {} in it, got " + names + " and \""
                    + template + "\". Maybe write --query \"{} bear\".");
        }
        var folders = new HashSet<String>();
        for (String name : names) {
            if (!folders.add(FileNames.safe(name.strip()).toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("Expected classes of different names, got \"" + name.strip()
                        + "\" twice, or a name that makes the same folder. Maybe a class is there by mistake.");
            }
        }
    }

    private void announce(List<ImageHit> batch, DownloadReport report, List<String> warnings) throws IOException {
        Map<String, ImageHit> byUrl = new LinkedHashMap<>();
        batch.stream().filter(hit -> !hit.announce().isEmpty()).forEach(hit -> byUrl.put(hit.url(), hit));
        for (var row : report.rows()) {
            ImageHit hit = byUrl.get(row.url());
            boolean fresh =
                    row.status() == Status.KEPT && !report.settledBefore().contains(row.url());
            if (hit == null || !fresh) {
                continue;
            }
            try {
                search.provider().kept(hit, search.access());
            } catch (IOException | RuntimeException failure) {
                warnings.add(
                        search.provider().name() + " could not be told of a kept picture: " + failure.getMessage());
                return; // the others would fail alike
            }
        }
    }
}
