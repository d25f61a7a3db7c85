package espalier.cli;

import espalier.collect.Archives;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier extract}: takes an archive apart, into one folder and nowhere else. */
@Command(
        name = "extract",
        description = {
            "Extract an archive into a folder, all of it or nothing.",
            "Opens zip, tar, 7z, gz, bz2 and xz, told by content, also nested ones such as .tar.7z.",
            "An archive that is cut off, reaches out of the folder, holds links, lies or grows beyond the limits is refused whole."
        },
        footer = {"", "Example:", "  espalier extract planet.zip --out data/planet"})
final class ExtractCommand extends EspalierCommand {
    @Parameters(paramLabel = "FILE", description = "The archive.")
    private Path file = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder for its content.")
    private Path out = Path.of("");

    @Option(
            names = "--skip-bad",
            description = "Extract the rest of an archive with forbidden entries, or of a tar that is cut off.")
    private boolean skipBad;

    @Option(names = "--max-gb", description = "The most gigabytes extracted (default: ${DEFAULT-VALUE}).")
    private int maxGb = 200;

    @Option(names = "--max-entries", description = "The most entries (default: ${DEFAULT-VALUE}).")
    private int maxEntries = 500_000;

    @Option(
            names = "--max-ratio",
            description = "How many times larger than the archive its content may be (default: 200, and 64 MB in any"
                    + " case).")
    private @Nullable Integer maxRatio;

    @Override
    int run(Console console) throws IOException {
        Bounds.whole("--max-gb", maxGb, 1, Integer.MAX_VALUE, "16");
        Bounds.whole("--max-entries", maxEntries, 1, Integer.MAX_VALUE, "1000000");
        Bounds.whole("--max-ratio", maxRatio == null ? 1 : maxRatio, 1, Integer.MAX_VALUE, "200");
        CommandException.existing(file);
        CommandException.writableFolder(out);
        return Interruptible.run(
                console, "espalier: interrupted; an archive is extracted whole or not at all.", () -> extract(console));
    }

    private int extract(Console console) throws IOException {
        try (var bar = console.progress("extract", -1)) {
            var limited = Archives.into(out)
                    .maxBytes(1_000_000_000L * maxGb)
                    .maxEntries(maxEntries)
                    .progress(bar);
            var tight = maxRatio == null ? limited : limited.maxRatio(maxRatio);
            var extracted = (skipBad ? tight.skippingBad() : tight).extract(file);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("out", out.toString());
            json.put("files", extracted.files());
            json.put("bytes", extracted.bytes());
            json.put("rejected", Console.rejectedJson(extracted.rejected()));
            json.put("warnings", extracted.warnings());
            console.json(json);
            console.result(Amounts.of(extracted.files(), "file") + ", " + extracted.bytes() / 1_000_000
                    + " MB extracted to " + out);
            extracted.warnings().forEach(console::warn);
            console.rejected(extracted.rejected());
        }
        return ExitCodes.DONE;
    }
}
