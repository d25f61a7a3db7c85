package espalier.cli;

import espalier.app.Doctor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code espalier doctor}: what the machine offers and what Espalier chooses. */
@Command(
        name = "doctor",
        description = {
            "Show what this machine offers and what Espalier makes of it.",
            "Versions, natives, CPU features, threads, devices, caches and free space."
        },
        footer = {"", "Example:", "  espalier doctor --json"})
final class DoctorCommand extends EspalierCommand {
    @Override
    int run(Console console) {
        var found = console.during("doctor", () -> Doctor.system().run());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("healthy", found.healthy());
        json.putAll(found.sections());
        console.json(json);
        console.result(
                found.healthy()
                        ? "Espalier works on this machine."
                        : "Espalier does not work on this machine: see natives below. Maybe a native library is missing or"
                                + " damaged: delete the folder of the natives' cache, or build again for this system.");
        found.sections().forEach((name, value) -> print(console, "", name, value));
        return found.healthy() ? ExitCodes.DONE : ExitCodes.INTERNAL;
    }

    /** Sizes in gigabytes, lists with commas, sections indented. */
    private static void print(Console console, String indent, String name, Object value) {
        String title = name.replaceFirst("_?bytes$", "").replace('_', ' ');
        boolean bytes = name.endsWith("bytes");
        if (value instanceof Map<?, ?> section) {
            console.result(indent + title + ":");
            section.forEach((key, inner) -> print(console, indent + "  ", bytes ? key + "_bytes" : "" + key, inner));
        } else {
            String shown = bytes && value instanceof Number number ? size(number.doubleValue()) : text(value);
            console.result(indent + (title.isEmpty() ? "size" : title) + ": " + shown);
        }
    }

    private static String size(double bytes) {
        return String.format(Locale.ROOT, bytes < 1e9 ? "%.1f MB" : "%.1f GB", bytes / (bytes < 1e9 ? 1e6 : 1e9));
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? "none"
                    : list.stream().map(DoctorCommand::text).collect(Collectors.joining(", "));
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().map(String::valueOf).collect(Collectors.joining(" "));
        }
        return value instanceof Boolean yes ? yes ? "yes" : "no" : String.valueOf(value);
    }
}
