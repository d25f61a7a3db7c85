package espalier.cli;

import espalier.collect.Sample;
import espalier.collect.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier fetch dataset}: a well-known data set by name. */
@Command(
        name = "dataset",
        description = {
            "Fetch a well-known data set by its name and print its folder.",
            "It goes into the cache, its hash is checked, and it is extracted. The cache is ESPALIER_HOME, else ~/.cache/espalier. --endpoint is a mirror that is asked first."
        },
        footer = {
            "",
            "Examples:",
            "  espalier fetch dataset --list",
            "  espalier fetch dataset imagenette-160",
            "  espalier train image $(espalier fetch dataset imagenette-160 --quiet)/imagenette2-160"
        })
final class FetchDatasetCommand extends EspalierCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name; --list prints them all.")
    private @Nullable String name;

    @Option(names = "--list", description = "Print every name with what it is and its licence.")
    private boolean list;

    @Option(names = "--out", paramLabel = "DIR", description = "A folder to use instead of the cache.")
    private @Nullable Path out;

    @Mixin
    private NetworkFlags network = new NetworkFlags();

    @Override
    int run(Console console) throws IOException {
        if (list == (name != null)) {
            throw wrongUsage("give the name of a data set, or --list to see them all. Maybe only one of the two.");
        }
        if (name == null) {
            return list(console);
        }
        Sample sample = Samples.named(name);
        if (out != null) {
            CommandException.writableFolder(out);
        }
        return Interruptible.run(console, SearchCommand.STOPPED, () -> fetch(console, sample));
    }

    private int fetch(Console console, Sample sample) throws IOException {
        console.say(sample.about() + "; licence: " + sample.licence() + "; " + sample.home());
        var cached = out == null ? Samples.cached() : Samples.cached().in(out);
        var guarded = cached.fetch(network.apply(cached.fetch()));
        var samples = network.endpoint().isPresent()
                ? guarded.mirror(network.endpoint().get())
                : guarded;
        try (var bar = console.progress(sample.name(), -1)) {
            Path folder = samples.progress(bar).fetch(sample);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", sample.name());
            json.put("folder", folder.toString());
            json.put("licence", sample.licence());
            json.put("home", sample.home());
            console.json(json);
            console.result(folder.toString());
        }
        return ExitCodes.DONE;
    }

    private static int list(Console console) {
        List<Sample> all = Samples.all();
        console.json(Map.of(
                "datasets",
                all.stream()
                        .map(sample -> Map.of(
                                "name",
                                sample.name(),
                                "about",
                                sample.about(),
                                "licence",
                                sample.licence(),
                                "home",
                                sample.home()))
                        .toList()));
        for (Sample sample : all) {
            console.result(String.format("%-16s %s", sample.name(), sample.about()));
            console.result(String.format("%-16s licence: %s", "", sample.licence()));
        }
        return ExitCodes.DONE;
    }
}
