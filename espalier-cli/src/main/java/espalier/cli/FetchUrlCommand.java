package espalier.cli;

import espalier.collect.Archives;
import espalier.collect.Downloader;
import espalier.collect.FileDownload;
import espalier.collect.FileNames;
import espalier.collect.FileType;
import espalier.collect.StopSignal;
import espalier.collect.fetch.FetchException;
import espalier.collect.fetch.Request;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier fetch url}: downloads addresses. */
@Command(
        name = "url",
        description = {
            "Download pictures, or any files, from addresses.",
            "Each picture is kept once, named by its content, with a report of every address.",
            "With --any, files of any kind and size under their own names, continued after a break."
        },
        footer = {
            "",
            "Examples:",
            "  espalier fetch url https://example.org/a.jpg https://example.org/b.jpg --out data/mine",
            "  espalier fetch url https://example.org/planet.zip --any --extract --out data/planet"
        })
final class FetchUrlCommand extends EspalierCommand {
    @Parameters(arity = "1..*", paramLabel = "URL", description = "What to download.")
    private List<String> urls = List.of();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for the files.")
    private Path out = Path.of("");

    @Option(names = "--any", description = "Files of any kind, not only pictures.")
    private boolean any;

    @Option(names = "--extract", description = "With --any: extract archives into the folder.")
    private boolean extract;

    @Option(
            names = "--min-size",
            paramLabel = "PIXELS",
            description = "The least length of a picture's shorter side (default: ${DEFAULT-VALUE}).")
    private int minSize = 1;

    @Option(
            names = "--max-size",
            paramLabel = "MB",
            description = "With --any: the largest file that is taken (default: ${DEFAULT-VALUE}).")
    private int maxSize = 20_000;

    @Mixin
    private NetworkFlags network = new NetworkFlags();

    @Override
    int run(Console console) throws IOException {
        if (extract && !any) {
            throw wrongUsage("--extract goes with --any. Maybe add it.");
        }
        Bounds.whole("--min-size", minSize, 0, Integer.MAX_VALUE, "200 pixels, or 0 for all");
        Bounds.whole("--max-size", maxSize, 1, 1_000_000, "20000, which is 20 GB");
        CommandException.writableFolder(out);
        if (any) {
            return Interruptible.run(console, SearchCommand.STOPPED, () -> files(console));
        }
        var stop = new StopSignal();
        var downloader = Downloader.into(out).stop(stop);
        try (var interrupts = console.interrupts(SearchCommand.STOPPED);
                var bar = console.progress("download", urls.size())) {
            interrupts.onFirst(stop::ask);
            var report = downloader
                    .fetch(network.apply(downloader.fetch()))
                    .minSize(minSize)
                    .progress(bar)
                    .urls(urls);
            return Downloads.tell(console, report, out);
        }
    }

    private int files(Console console) throws IOException {
        var files = new ArrayList<Path>();
        var failed = new ArrayList<Rejected>();
        var taken = new HashSet<String>();
        int code = ExitCodes.DONE;
        for (String url : urls) {
            try (var bar = console.progress(FileNames.fromUrl(url), -1)) {
                Path target = FileDownload.place(out, url, taken);
                FileDownload.of(Request.of(url), target)
                        .rememberingSource()
                        .fetch(network.apply(FileDownload.large()).maxBytes(1_000_000L * maxSize))
                        .progress(bar)
                        .run();
                files.add(target);
            } catch (FetchException failure) {
                failed.add(new Rejected(url, failure.getMessage()));
                code = ExitCodes.NETWORK;
            }
        }
        var warnings = new ArrayList<String>();
        for (Path file : files) {
            console.result(file.toString());
            if (extract && FileType.of(file).isArchive()) {
                var extracted = Archives.into(out).extract(file);
                extracted.warnings().forEach(console::warn);
                warnings.addAll(extracted.warnings());
                console.result(Amounts.of(extracted.files(), "file") + " extracted to " + out);
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        json.put("files", files.stream().map(Path::toString).toList());
        json.put("rejected", Console.rejectedJson(failed));
        json.put("warnings", warnings);
        console.json(json);
        console.rejected(failed);
        if (!failed.isEmpty()) {
            console.warn("not everything was fetched." + Downloads.hint(failed));
        }
        return code;
    }
}
