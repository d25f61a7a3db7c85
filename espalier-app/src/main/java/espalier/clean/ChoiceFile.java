package espalier.clean;

import espalier.files.AtomicFiles;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.files.Journal;
import espalier.files.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The choices that were not carried out yet, kept over a restart in {@code .espalier/choices.json}. */
final class ChoiceFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path root;
    private final Path file;
    private String seen = "";

    ChoiceFile(Path root) {
        this.root = root;
        this.file = root.resolve(Journal.FOLDER).resolve("choices.json");
    }

    void save(List<Subject> subjects) throws IOException {
        var choices = new ArrayList<Map<String, Object>>();
        for (Subject subject : subjects) {
            if (!subject.isGone() && !subject.choice().equals(Choice.NONE)) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("key", key(subject.labelled()));
                map.put("stamp", subject.stamp().map(Stamp::text).orElse(""));
                map.put("action", subject.choice().action().name().toLowerCase(Locale.ROOT));
                map.put("values", subject.choice().values());
                choices.add(map);
            }
        }
        String text = JSON.writeValueAsString(choices);
        Destination.unlinked(root.resolve(Journal.FOLDER)); // may have become a link while the cleaner runs
        AtomicFiles.writeString(file, text);
        seen = text;
    }

    /** Refuses to write over choices that were made by another cleaner. */
    void check() throws IOException {
        if (!text().equals(seen)) {
            throw CannotWriteException.refused(
                    file,
                    "another cleaner has made choices since this one looked at the data set",
                    "Maybe look again: start the cleaner anew.");
        }
    }

    private String text() throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "";
    }

    /** Gives the choices back to the subjects that are still what they were. */
    void load(List<Subject> subjects) throws IOException {
        seen = text();
        if (seen.isEmpty()) {
            return;
        }
        Map<String, JsonNode> byKey = new LinkedHashMap<>();
        try {
            JSON.readTree(seen).forEach(node -> byKey.put(node.path("key").asString(""), node));
        } catch (JacksonException damaged) {
            return; // choices can be made again
        }
        for (Subject subject : subjects) {
            var node = byKey.get(key(subject.labelled()));
            if (node != null
                    && subject.stamp().isPresent()
                    && subject.stamp().get().isText(node.path("stamp").asString(""))) {
                choice(node)
                        .filter(choice -> choice.action() != Choice.Action.NONE)
                        .ifPresent(subject::choose);
            }
        }
    }

    private static java.util.Optional<Choice> choice(JsonNode node) {
        try {
            var action = Choice.Action.valueOf(node.path("action").asString("").toUpperCase(Locale.ROOT));
            List<String> values = new ArrayList<>();
            node.path("values").forEach(value -> values.add(value.asString("")));
            return java.util.Optional.of(new Choice(action, values));
        } catch (IllegalArgumentException unknown) {
            return java.util.Optional.empty();
        }
    }

    private static String key(Labelled labelled) {
        return labelled.row() + ":" + labelled.file();
    }
}
