package espalier.cli;

import espalier.collect.Archives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier extract}: takes an archive apart, into one folder and nowhere else. */
@Command(
        name = "extract",
        description = {
            "Extract zip, tar, 7z, gz, bz2 and xz, told by content, also nested ones such as .tar.7z.",
            "An archive that reaches out of the folder, holds links, lies or grows beyond the limits is refused whole."
        },
        footer = {"", "Example:", "  espalier extract planet.zip --out data/planet"})
final class ExtractCommand extends EspalierCommand {
    @Parameters(paramLabel = "FILE", description = "The archive.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for its content.")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    private Path out;

    @Option(names = "--skip-bad", description = "Leave forbidden entries out instead of refusing the archive.")
    private boolean skipBad;

    @Option(names = "--max-gb", description = "The most gigabytes extracted (default: ${DEFAULT-VALUE}).")
    private int maxGb = 200;

    @Option(names = "--max-entries", description = "The most entries (default: ${DEFAULT-VALUE}).")
    private int maxEntries = 500_000;

    @Option(
            names = "--max-ratio",
            description = "How many times larger than the archive its content may be (default: ${DEFAULT-VALUE}).")
    private int maxRatio = 200;

    @Override
    int run(Console console) throws IOException {
        CommandException.existing(file);
        try (var bar = console.progress("extract", -1)) {
            var limited = Archives.into(out)
                    .maxBytes(1_000_000_000L * maxGb)
                    .maxEntries(maxEntries)
                    .maxRatio(maxRatio)
                    .progress(bar);
            var extracted = (skipBad ? limited.skippingBad() : limited).extract(file);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("out", out.toString());
            json.put("files", extracted.files());
            json.put("bytes", extracted.bytes());
            json.put("rejected", Console.rejectedJson(extracted.rejected()));
            console.json(json);
            console.result(extracted.files() + " files, " + extracted.bytes() / 1_000_000 + " MB extracted to " + out);
            console.rejected(extracted.rejected());
        }
        return ExitCodes.DONE;
    }
}
