package espalier.collect;

import espalier.collect.DownloadRow.Status;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Searching and downloading in one: asks for more results until as many pictures as wanted are kept or
 * there are no more. Run again it continues, and asks for nothing twice.
 *
 * <pre>{@code
 * Collect.of(Search.of("openverse"), 150)
 *         .classes("{} bear", List.of("grizzly", "black", "teddy"), Path.of("data/bears"));
 * }</pre>
 *
 * @param search whom to ask, and for what kind of pictures
 * @param count how many pictures a class
 * @param settings changes to the {@link Downloader} of each folder
 */
public record Collect(Search search, int count, UnaryOperator<Downloader> settings) {
    /**
     * What one search brought.
     *
     * @param query the words
     * @param folder where the pictures are
     * @param kept how many pictures of this search are kept there
     * @param asked how many addresses the provider gave
     * @param rejected addresses that gave nothing
     * @param warnings what went wrong without ending the search
     */
    public record Result(
            String query, Path folder, int kept, int asked, List<Rejected> rejected, List<String> warnings) {
        public Result {
            rejected = List.copyOf(rejected);
            warnings = List.copyOf(warnings);
        }
    }

    /** Collects {@code count} pictures a class by {@code search}. */
    public static Collect of(Search search, int count) {
        return new Collect(search, count, UnaryOperator.identity());
    }

    /** This with changed downloaders, as in {@code .downloads(d -> d.minSize(200))}. */
    public Collect downloads(UnaryOperator<Downloader> change) {
        return new Collect(search, count, change);
    }

    /**
     * Collects pictures for {@code query} in {@code folder}.
     *
     * @throws IOException when the provider cannot be asked and nothing is at hand, or the disk fails
     */
    public Result into(String query, Path folder) throws IOException {
        var results = search.results(query, count);
        var rejected = new ArrayList<Rejected>();
        var warnings = new ArrayList<String>();
        int kept = 0;
        int asked = 0;
        var batch = results.next(count);
        while (!batch.isEmpty()) {
            var report = settings.apply(Downloader.into(folder)).run(batch);
            kept += report.count(Status.KEPT);
            asked += batch.size();
            rejected.addAll(report.rejected());
            announce(batch, report, warnings);
            batch = kept < count ? results.next(count - kept) : List.of();
        }
        warnings.addAll(results.warnings());
        return new Result(query, folder, kept, asked, rejected, warnings);
    }

    /**
     * Collects pictures of several classes, each in a folder of its name below {@code root}.
     *
     * @param template what to search for, {@code {}} standing for the class, such as {@code "{} bear"}
     */
    public List<Result> classes(String template, List<String> names, Path root) throws IOException {
        if (names.isEmpty() || !template.contains("{}")) {
            throw new IllegalArgumentException("Expected classes and a query with {} in it, got " + names + " and \""
                    + template + "\". Maybe write --query \"{} bear\".");
        }
        var results = new ArrayList<Result>();
        for (String name : names) {
            results.add(into(template.replace("{}", name), root.resolve(FileNames.safe(name))));
        }
        return results;
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
