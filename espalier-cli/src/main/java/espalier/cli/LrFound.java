package espalier.cli;

import espalier.app.FindLr;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a search for a learning rate found, told.
 *
 * @param model the network's name
 * @param items what was trained on, in the plural
 * @param out the plot to write
 */
record LrFound(FindLr.Result result, String model, String items, Path out) {
    /** Writes the plot and tells the rest; {@code train} is the command that trains, {@code trained} its model file. */
    int tell(Console console, String train, Path trained) {
        try {
            result.plot().save(out);
        } catch (IOException failure) {
            throw CommandException.unwritable(out, failure);
        }
        console.json(json());
        if (result.curve().valley().isEmpty()) {
            console.result("no suggestion: too few batches. Maybe add " + items + ", or take smaller batches with"
                    + " --batch-size.");
            console.say("The curve is in " + out + ".");
        } else {
            console.table(
                    List.of("suggestion", "learning rate"),
                    result.curve().suggestions().entrySet().stream()
                            .map(one ->
                                    List.of(named(one.getKey()), String.format(Locale.ROOT, "%.2e", one.getValue())))
                            .toList());
            console.say("The curve is in " + out + ".");
            console.say("next: " + train
                    + String.format(
                            Locale.ROOT, " --lr %.1e", result.curve().valley().orElseThrow())
                    + " --out " + Console.word(trained));
        }
        console.rejected(result.rejected());
        return ExitCodes.DONE;
    }

    private static String named(String suggestion) {
        return suggestion.equals("minimum") ? "minimum (a tenth of the rate there)" : suggestion;
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("suggestions", result.curve().suggestions());
        json.put("lrs", result.curve().lrs());
        json.put("losses", result.curve().losses());
        json.put("seconds", result.seconds());
        json.put("plot", out.toString());
        json.put("rejected", Console.rejectedJson(result.rejected()));
        return json;
    }
}
