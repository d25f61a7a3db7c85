package espalier.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of a journal and what they add up to. Lines are only ever added: a change, a change that takes back an
 * earlier one, or the remark that the change before it was announced and never made. Of a line that was torn
 * when the program was killed, nothing was done.
 */
final class JournalFile {
    /** The action that says: the change of that number was never made. */
    private static final String VOID = "void";

    /** The name of the value that says which folder had to be made. */
    static final String MADE = "made";

    /** Numbers beyond it come from no journal of ours, and counting on from the last one would end below zero. */
    private static final long MAX_ID = 1L << 53;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One line.
     *
     * @param change what is done
     * @param undoes the number of the change that this takes back, or 0
     * @param stamp the file's stamp before, as text
     */
    record Line(Change change, long undoes, String stamp) {
        boolean isVoid() {
            return change.action().equals(VOID);
        }
    }

    private final Path file;
    private final TreeMap<Long, Line> lines = new TreeMap<>();
    private final TreeMap<Long, Change> live = new TreeMap<>();
    private final Set<String> made = new HashSet<>();
    private long bytes = -1;
    private int skipped;

    JournalFile(Path file) {
        this.file = file;
    }

    /** The changes that were made and not taken back, the oldest first. */
    List<Change> live() {
        return List.copyOf(live.values());
    }

    /** How many lines say what no journal says: places outside of the data set, impossible numbers. They are not heeded. */
    int skipped() {
        return skipped;
    }

    /** Whether this is the number of a change, made or undone, rather than of a remark on one. */
    boolean knows(long id) {
        var line = Optional.ofNullable(lines.get(id));
        return line.isPresent() && !line.get().isVoid() && line.get().undoes() == 0;
    }

    /** Whether a change had to make this folder, or one above it. */
    boolean made(String folder) {
        return made.stream().anyMatch(top -> (folder + "/").startsWith(top + "/"));
    }

    /** The number that the next line gets. */
    long next() {
        return lines.isEmpty() ? 1 : lines.lastKey() + 1;
    }

    /** The last line, unless it needs no second look. */
    Optional<Line> unsure() {
        return lines.isEmpty() || lines.lastEntry().getValue().isVoid()
                ? Optional.empty()
                : Optional.of(lines.lastEntry().getValue());
    }

    /** Reads the file again if somebody else has written to it. */
    void refresh() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            forget();
            bytes = 0;
        } else if (Files.size(file) != bytes) {
            forget();
            // A line may be torn in the middle of a character: that must not cost the others.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                parse(line).ifPresent(this::take);
            }
            bytes = Files.size(file);
        }
    }

    private void forget() {
        lines.clear();
        live.clear();
        skipped = 0;
    }

    /** Adds a line; when this returns it is on the disk. */
    void append(Line line) throws IOException {
        try (var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
            // A torn line is closed first, so that it spoils only itself.
            var text = StandardCharsets.UTF_8.encode((isTorn(channel) ? "\n" : "") + text(line) + "\n");
            channel.position(channel.size());
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
            bytes = channel.size();
        }
        take(line);
    }

    /** Whether the last line has no end. */
    private static boolean isTorn(FileChannel channel) throws IOException {
        var last = ByteBuffer.allocate(1);
        return channel.size() > 0 && (channel.read(last, channel.size() - 1) < 1 || last.get(0) != '\n');
    }

    /** Adds the remark that {@code line} was announced and never made. */
    void cancel(Line line) throws IOException {
        var remark = new Change(next(), Instant.now(), VOID, "", "", "never made", Map.of());
        append(new Line(remark, line.change().id(), ""));
    }

    private void take(Line line) {
        lines.put(line.change().id(), line);
        Optional.ofNullable(line.change().values().get(MADE)).ifPresent(made::add);
        if (line.isVoid()) {
            var never = Optional.ofNullable(live.remove(line.undoes()));
            var undo = Optional.ofNullable(lines.get(line.undoes()));
            if (never.isEmpty() && undo.isPresent()) {
                Optional.ofNullable(lines.get(undo.get().undoes()))
                        .ifPresent(back -> live.put(back.change().id(), back.change()));
            }
        } else if (line.undoes() > 0) {
            live.remove(line.undoes());
        } else {
            live.put(line.change().id(), line.change());
        }
    }

    private static String text(Line line) {
        Map<String, Object> map = new LinkedHashMap<>(line.change().toMap());
        map.put("undoes", line.undoes());
        map.put("stamp", line.stamp());
        return JSON.writeValueAsString(map);
    }

    private Optional<Line> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(text);
            Map<String, String> values = new LinkedHashMap<>();
            for (var entry : new ArrayList<>(node.path("values").properties())) {
                values.put(entry.getKey(), entry.getValue().asString(""));
            }
            var change = new Change(
                    node.path("id").asLong(0),
                    Instant.parse(node.path("time").asString("")),
                    node.path("action").asString(""),
                    node.path("from").asString(""),
                    node.path("to").asString(""),
                    node.path("reason").asString(""),
                    values);
            var line = new Line(
                    change, node.path("undoes").asLong(0), node.path("stamp").asString(""));
            if (change.id() < 1 || change.id() > MAX_ID || !isInside(change.from()) || !isInside(change.to())) {
                skipped++;
                return Optional.empty();
            }
            return Optional.of(line);
        } catch (JacksonException | DateTimeException torn) {
            return Optional.empty(); // was being written when the program was killed: nothing was done yet
        }
    }

    /** Whether a path, or the lack of one, stays in the data set as far as its text says. */
    private static boolean isInside(String relative) {
        try {
            Path path = Path.of(relative);
            return relative.isEmpty()
                    || (!path.isAbsolute()
                            && !path.normalize().startsWith("..")
                            && !path.normalize().toString().isEmpty());
        } catch (InvalidPathException impossible) {
            return false;
        }
    }
}
