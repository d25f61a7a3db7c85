package espalier.cli;

import espalier.collect.Collect;
import espalier.collect.Downloader;
import espalier.collect.ImageHit;
import espalier.collect.LicenceFilter;
import espalier.collect.Search;
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
            "Search for pictures and download them: each once, with attribution.csv and a report of every address.",
            "Providers: openverse and wikimedia need no key; brave (BRAVE_API_KEY), flickr (FLICKR_API_KEY), pexels"
                    + " (PEXELS_API_KEY), serpapi (SERPAPI_API_KEY), unsplash (UNSPLASH_ACCESS_KEY), and bing"
                    + " (AZURE_SEARCH_KEY) for any service that speaks Bing v7 at --endpoint. With urls, the query is a"
                    + " file with one address a line, or - for standard input.",
            "Run again it continues where it stopped. Exit code 66 when nothing was found, 69 when nobody answers."
        },
        footer = {
            "",
            "Examples:",
            "  espalier search \"grizzly bear\" --count 150 --out data/bears/grizzly",
            "  espalier search --classes grizzly,black,teddy --query \"{} bear\" --count 150 --out data/bears",
            "  espalier search --provider urls list.txt --out data/mine"
        })
final class SearchCommand extends EspalierCommand {
    @Parameters(arity = "0..1", paramLabel = "QUERY", description = "What to search for.")
    private @Nullable String words;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the pictures.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path out;

    @Option(names = "--classes", split = ",", paramLabel = "NAME", description = "Several classes, a folder each.")
    private List<String> classes = List.of();

    @Option(
            names = "--query",
            paramLabel = "WORDS",
            description = "With --classes: what to search for, {} standing for the class (default: ${DEFAULT-VALUE}).")
    private String template = "{}";

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
        boolean many = !classes.isEmpty();
        if (many == (words != null)) {
            throw wrongUsage(
                    "give either what to search for or --classes, not both. Maybe \"{} bear\" belongs to --query.");
        }
        if (provider.equals("urls")) {
            return urls(console);
        }
        var results = new ArrayList<Collect.Result>();
        if (many) {
            for (String name : classes) {
                results.add(collect(
                        console,
                        name,
                        collecting -> collecting
                                .classes(template, List.of(name.strip()), out)
                                .get(0)));
            }
        } else {
            String query = String.valueOf(words);
            results.add(collect(console, query, collecting -> collecting.into(query, out)));
        }
        return tell(console, results);
    }

    private interface Work {
        Collect.Result run(Collect collecting) throws IOException;
    }

    private Collect.Result collect(Console console, String task, Work work) throws IOException {
        var plain = Search.of(provider)
                .licence(LicenceFilter.of(licence))
                .fetch(network.apply(espalier.collect.fetch.FetchOptions.standard()));
        var search = unsafe ? plain.unsafe() : plain;
        var there = network.endpoint().isPresent()
                ? search.endpoint(network.endpoint().get())
                : search;
        try (var bar = console.progress(task, count)) {
            return work.run(Collect.of(there, count).downloads(downloader -> settings(downloader, bar)));
        }
    }

    private Downloader settings(Downloader downloader, Progress progress) {
        return downloader
                .fetch(network.apply(downloader.fetch()))
                .minSize(minSize)
                .progress(progress);
    }

    private int tell(Console console, List<Collect.Result> results) {
        console.json(Map.of(
                "out",
                out.toString(),
                "searches",
                results.stream().map(SearchCommand::json).toList()));
        int kept = 0;
        for (var result : results) {
            kept += result.kept();
            console.result(
                    result.kept() + " of " + count + " pictures for \"" + result.query() + "\" in " + result.folder());
            result.warnings().forEach(console::warn);
            if (!result.rejected().isEmpty()) {
                console.say("  " + result.rejected().size() + " addresses gave nothing: see "
                        + result.folder().resolve("download-report.csv"));
            }
        }
        if (kept == 0) {
            console.warn("nothing was found. Maybe use fewer or other words, another --provider or --license.");
            return ExitCodes.NO_INPUT;
        }
        console.say("next: espalier verify " + out);
        return ExitCodes.DONE;
    }

    private static Map<String, Object> json(Collect.Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("query", result.query());
        json.put("folder", result.folder().toString());
        json.put("kept", result.kept());
        json.put("asked", result.asked());
        json.put("rejected", Console.rejectedJson(result.rejected()));
        json.put("warnings", result.warnings());
        return json;
    }

    private int urls(Console console) throws IOException {
        String file = String.valueOf(words);
        if (!classes.isEmpty()) {
            throw wrongUsage("--classes does not go with --provider urls. Maybe run it once for each list.");
        }
        List<ImageHit> hits =
                file.equals("-") ? UrlList.read(System.in) : UrlList.read(CommandException.existing(Path.of(file)));
        try (var bar = console.progress("download", hits.size())) {
            return Downloads.tell(console, settings(Downloader.into(out), bar).run(hits), out);
        }
    }
}
