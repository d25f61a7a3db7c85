package espalier.cli;

import espalier.app.Doctor;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code espalier doctor}: what the machine offers and what Espalier chooses. */
@Command(
        name = "doctor",
        description = "Show versions, natives, CPU features, threads, devices, caches and free space.",
        footer = {"", "Example:", "  espalier doctor --json"})
final class DoctorCommand extends EspalierCommand {
    @Override
    int run(Console console) {
        var found = Doctor.system().run();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("healthy", found.healthy());
        json.putAll(found.sections());
        console.json(json);
        json.forEach((name, value) -> print(console, "", name, value));
        return found.healthy() ? ExitCodes.DONE : ExitCodes.INTERNAL;
    }

    private static void print(Console console, String indent, String name, Object value) {
        if (value instanceof Map<?, ?> section) {
            console.result(indent + name + ":");
            section.forEach((key, inner) -> print(console, indent + "  ", String.valueOf(key), inner));
        } else {
            console.result(indent + name + ": " + value);
        }
    }
}
