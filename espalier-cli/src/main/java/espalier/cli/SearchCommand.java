package espalier.cli;

import espalier.collect.Collect;
import espalier.collect.Downloader;
import espalier.collect.ImageHit;
import espalier.collect.LicenceFilter;
import espalier.collect.Search;
import espalier.collect.StopSignal;
import espalier.collect.UrlList;
import espalier.report.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier search}: finds pictures and downloads them. */
@Command(
        name = "search",
        description = {
            "Find pictures by words and download them.",
            "Each picture is kept once, with attribution.csv and a report of every address.",
            "Providers: openverse and wikimedia need no key; brave (BRAVE_API_KEY), flickr (FLICKR_API_KEY), pexels"
                    + " (PEXELS_API_KEY), serpapi (SERPAPI_API_KEY), unsplash (UNSPLASH_ACCESS_KEY), and bing"
                    + " (AZURE_SEARCH_KEY) for any service that speaks Bing v7 at --endpoint. With urls, the query is a"
                    + " file with one address a line, or - for standard input.",
            "Run again it continues where it stopped, also after Ctrl-C. Pictures that you deleted stay out, and others"
                    + " take their place; to have them again, delete download-report.csv. Exit code 66 when nothing was found, 69 when nobody answers."
        },
        footer = {
            "",
            "Examples:",
            "  espalier search \"grizzly bear\" --count 150 --out data/bears/grizzly",
            "  espalier search --classes grizzly,black,teddy --query \"{} bear\" --count 150 --out data/bears",
            "  espalier search --provider urls list.txt --out data/mine"
        })
final class SearchCommand extends EspalierCommand {
    /** What Ctrl-C is answered by. */
    static final String STOPPED =
            "espalier: interrupted; what is there is kept, and the same command goes on. Once more ends at once.";

    @Parameters(arity = "0..1", paramLabel = "QUERY", description = "What to search for.")
    private @Nullable String words;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the pictures.")
    private Path out = Path.of("");

    @Option(names = "--classes", split = ",", paramLabel = "NAME", description = "Several classes, a folder each.")
    private List<String> classes = List.of();

    @Option(
            names = "--query",
            paramLabel = "WORDS",
            description = "With --classes: what to search for, {} standing for the class (default: {}).")
    private @Nullable String template;

    @Option(names = "--count", description = "How many pictures a class (default: ${DEFAULT-VALUE}).")
    private int count = 150;

    @Option(names = "--provider", paramLabel = "NAME", description = "Whom to ask (default: ${DEFAULT-VALUE}).")
    private String provider = Search.DEFAULT;

    @Option(
            names = "--license",
            paramLabel = "KIND",
            description = "any, commercial, modification, public, or codes such as by,by-sa,cc0 (default: any).")
    private String licence = "any";

    @Option(
            names = "--min-size",
            paramLabel = "PIXELS",
            description = "The least length of the shorter side (default: ${DEFAULT-VALUE}).")
    private int minSize = 100;

    @Option(names = "--unsafe", description = "Also find what is not for everybody's eyes.")
    private boolean unsafe;

    @Mixin
    private NetworkFlags network = new NetworkFlags();

    @Override
    int run(Console console) throws IOException {
        checkUsage();
        var stop = new StopSignal();
        try (var interrupts = console.interrupts(STOPPED)) {
            interrupts.onFirst(stop::ask);
            if (provider.equals("urls")) {
                return urls(console, stop);
            }
            Search search = search();
            var results = new ArrayList<Collect.Result>();
            if (classes.isEmpty()) {
                String query = String.valueOf(words);
                results.add(collect(console, search, stop, query, collecting -> collecting.into(query, out)));
            }
            for (String name : classes) {
                if (!stop.isAsked()) {
                    results.add(collect(
                            console,
                            search,
                            stop,
                            name,
                            collecting -> collecting
                                    .classes(template(), List.of(name), out)
                                    .get(0)));
                }
            }
            return tell(console, results, stop.isAsked());
        }
    }

    private void checkUsage() {
        boolean many = !classes.isEmpty();
        if (!many && words == null) {
            throw wrongUsage(
                    "give what to search for, or --classes; with --provider urls, the file of addresses. Maybe:"
                            + " espalier search \"grizzly bear\" --out " + out + ".");
        }
        if (many && words != null) {
            throw wrongUsage(
                    "give either what to search for or --classes, not both. Maybe \"{} bear\" belongs to --query.");
        }
        if (template != null && !many) {
            throw wrongUsage("--query goes with --classes. Maybe leave out \"--query\", or add --classes.");
        }
        Bounds.whole("--count", count, 1, Integer.MAX_VALUE, "150");
        Bounds.whole("--min-size", minSize, 0, Integer.MAX_VALUE, "200 pixels, or 0 for all");
        if (many) {
            try {
                Collect.checkClasses(template(), classes);
            } catch (IllegalArgumentException wrong) {
                throw wrongUsage(String.valueOf(wrong.getMessage()));
            }
        }
        CommandException.writableFolder(out);
    }

    private String template() {
        return template == null ? "{}" : template;
    }

    /** Whom to ask; fails when a key is missing, before anything is asked or made. */
    private Search search() {
        var plain = Search.of(provider)
                .licence(LicenceFilter.of(licence))
                .fetch(network.apply(espalier.collect.fetch.FetchOptions.standard()));
        var search = unsafe ? plain.unsafe() : plain;
        search.missingKey().ifPresent(missing -> {
            throw new CommandException(ExitCodes.NO_INPUT, missing);
        });
        return network.endpoint().map(search::endpoint).orElse(search);
    }

    private interface Work {
        Collect.Result run(Collect collecting) throws IOException;
    }

    private Collect.Result collect(Console console, Search search, StopSignal stop, String task, Work work)
            throws IOException {
        try (var bar = console.progress(task, count)) {
            return work.run(Collect.of(search, count).stop(stop).downloads(downloader -> settings(downloader, bar)));
        }
    }

    private Downloader settings(Downloader downloader, Progress progress) {
        return downloader
                .fetch(network.apply(downloader.fetch()))
                .minSize(minSize)
                .progress(progress);
    }

    private int tell(Console console, List<Collect.Result> results, boolean stopped) {
        console.json(Map.of(
                "out",
                out.toString(),
                "interrupted",
                stopped,
                "searches",
                results.stream().map(SearchCommand::json).toList()));
        results.forEach(result -> tell(console, result));
        var failure =
                results.stream().flatMap(result -> result.failure().stream()).findFirst();
        if (stopped) {
            return ExitCodes.INTERRUPTED;
        } else if (failure.isPresent()) {
            return ExitCodes.of(failure.get());
        } else if (results.stream().allMatch(result -> result.kept() == 0)) {
            console.warn(nothing(results));
            return ExitCodes.NO_INPUT;
        }
        console.next("verify", out);
        return ExitCodes.DONE;
    }

    /** Why there is no picture. */
    private String nothing(List<Collect.Result> results) {
        int asked = results.stream().mapToInt(Collect.Result::asked).sum();
        var rejected =
                results.stream().flatMap(result -> result.rejected().stream()).toList();
        if (asked == 0) {
            return "nothing was found. Maybe use fewer or other words, another --provider or --license.";
        } else if (rejected.isEmpty()) {
            return "of " + Amounts.of(asked, "address", "addresses") + " that were found, no picture is there any more."
                    + " Maybe delete download-report.csv, to have them again.";
        }
        long small = rejected.stream()
                .filter(row -> row.reason().contains("smaller than"))
                .count();
        if (small > 0) {
            return small + " of " + Amounts.of(asked, "picture") + " that were found are smaller than --min-size "
                    + minSize + ", and nothing else could be kept. Maybe lower it.";
        }
        return Amounts.of(asked, "address was", "addresses were") + " found, and no picture was kept."
                + Downloads.hint(rejected);
    }

    private void tell(Console console, Collect.Result result) {
        if (result.failure().isPresent()) {
            console.warn("no search for \"" + result.query() + "\": "
                    + result.failure().get().getMessage());
            return;
        }
        console.result(
                result.kept() + " of " + count + " pictures for \"" + result.query() + "\" in " + result.folder());
        result.warnings().forEach(console::warn);
        if (result.deleted() > 0) {
            console.say("  " + result.deleted() + " kept before are no longer there and stay out");
        }
        if (!result.rejected().isEmpty()) {
            console.say("  " + Amounts.of(result.rejected().size(), "address", "addresses") + " gave nothing: see "
                    + result.folder().resolve("download-report.csv"));
        }
    }

    private static Map<String, Object> json(Collect.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("query", result.query());
        json.put("folder", result.folder().toString());
        json.put("kept", result.kept());
        json.put("deleted", result.deleted());
        json.put("asked", result.asked());
        json.put("rejected", Console.rejectedJson(result.rejected()));
        json.put("warnings", result.warnings());
        result.failure().ifPresent(failure -> json.put("error", String.valueOf(failure.getMessage())));
        return json;
    }

    private int urls(Console console, StopSignal stop) throws IOException {
        String file = String.valueOf(words);
        if (!classes.isEmpty()) {
            throw wrongUsage("--classes does not go with --provider urls. Maybe run it once for each list.");
        }
        List<ImageHit> hits =
                file.equals("-") ? UrlList.read(System.in) : UrlList.read(CommandException.existing(Path.of(file)));
        try (var bar = console.progress("download", hits.size())) {
            return Downloads.tell(
                    console, settings(Downloader.into(out).stop(stop), bar).run(hits), out);
        }
    }
}
