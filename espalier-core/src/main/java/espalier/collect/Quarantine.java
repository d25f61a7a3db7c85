package espalier.collect;

import espalier.files.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A place inside a data set, hidden from training, to which files are moved instead of being deleted.
 * Every change is written to a journal before it is made, so that all of them can be undone, also after
 * the program was killed between the two.
 */
public final class Quarantine {
    /** The folder's name; it starts with a dot, so that no scan enters it. */
    public static final String FOLDER = ".espalier-quarantine";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One change.
     *
     * @param from where the file was, relative to the data set
     * @param to where it is now, relative to the data set
     * @param reason why
     */
    public record Change(String from, String to, String reason) {}

    private final Path root;

    private Quarantine(Path root) {
        this.root = root;
    }

    /** The quarantine of the data set {@code root}; nothing is made until something is moved. */
    public static Quarantine of(Path root) {
        return new Quarantine(root);
    }

    /**
     * Moves {@code file} (relative to the data set) into quarantine.
     *
     * @throws IOException when it cannot be moved; it is then where it was
     */
    public Change move(String file, String reason) throws IOException {
        return change(file, free(FOLDER + "/" + file), reason);
    }

    /** Renames {@code file} within the data set, to {@code name} in its folder or the next free name like it. */
    public Change rename(String file, String name, String reason) throws IOException {
        return change(file, free(file.substring(0, file.lastIndexOf('/') + 1) + name), reason);
    }

    /**
     * Replaces the content of {@code file} by {@code bytes}, under {@code name} in its folder; the original
     * goes into quarantine.
     */
    public Change replace(String file, String name, byte[] bytes, String reason) throws IOException {
        Change moved = move(file, reason);
        String copy = free(file.substring(0, file.lastIndexOf('/') + 1) + name);
        append(new Change("", copy, "copy of " + file));
        AtomicFiles.writeBytes(inside(copy), bytes);
        return moved;
    }

    /** The changes that can be undone, the oldest first. */
    public List<Change> changes() throws IOException {
        Path journal = journal();
        var changes = new ArrayList<Change>();
        if (!Files.exists(journal)) {
            return changes;
        }
        for (String line : Files.readString(journal).split("\n")) {
            try {
                if (!line.isBlank()) {
                    changes.add(JSON.readValue(line, Change.class));
                }
            } catch (JacksonException torn) {
                // the line that was being written when the program was killed: its change was not made yet
            }
        }
        return changes;
    }

    /**
     * Undoes every change, the latest first. Copies that were written go into quarantine themselves. A
     * file stays where it is when another has taken its place; its change stays in the journal.
     *
     * @return how many files are back
     */
    public int undo() throws IOException {
        var changes = new ArrayList<>(changes());
        Collections.reverse(changes);
        var left = new ArrayList<Change>();
        int back = 0;
        for (Change change : changes) {
            Path now = inside(change.to());
            if (!Files.exists(now, LinkOption.NOFOLLOW_LINKS)) {
                continue; // announced, but never made
            }
            if (change.from().isEmpty()) {
                Path aside = inside(free(FOLDER + "/undone/" + change.to()));
                Files.createDirectories(java.util.Objects.requireNonNull(aside.getParent()));
                Files.move(now, aside, StandardCopyOption.ATOMIC_MOVE);
            } else if (Files.exists(inside(change.from()), LinkOption.NOFOLLOW_LINKS)) {
                left.add(0, change);
            } else {
                Path then = inside(change.from());
                Files.createDirectories(java.util.Objects.requireNonNull(then.getParent()));
                Files.move(now, then, StandardCopyOption.ATOMIC_MOVE);
                back++;
            }
        }
        var lines = new StringBuilder();
        left.forEach(change -> lines.append(JSON.writeValueAsString(change)).append('\n'));
        if (Files.exists(journal())) {
            AtomicFiles.writeString(journal(), lines.toString());
        }
        return back;
    }

    private Change change(String from, String to, String reason) throws IOException {
        Path target = inside(to);
        Files.createDirectories(java.util.Objects.requireNonNull(target.getParent()));
        var change = new Change(from, to, reason);
        append(change);
        Files.move(inside(from), target, StandardCopyOption.ATOMIC_MOVE);
        return change;
    }

    private void append(Change change) throws IOException {
        Files.createDirectories(root.resolve(FOLDER));
        try (var channel = FileChannel.open(
                journal(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            String line = (channel.size() > 0 ? "\n" : "") + JSON.writeValueAsString(change) + "\n";
            channel.write(StandardCharsets.UTF_8.encode(line));
            channel.force(true);
        }
    }

    /** {@code wanted}, or it with a number when that is taken. */
    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; Files.exists(inside(name), LinkOption.NOFOLLOW_LINKS); i++) {
            int slash = wanted.lastIndexOf('/');
            int dot = wanted.lastIndexOf('.');
            name = dot > slash + 1 ? wanted.substring(0, dot) + "-" + i + wanted.substring(dot) : wanted + "-" + i;
        }
        return name;
    }

    private Path inside(String relative) {
        Path path = root.resolve(relative).normalize();
        if (!path.startsWith(root.normalize())) {
            throw new IllegalArgumentException(
                    relative + " leads out of " + root + ". Maybe the journal belongs to another data set.");
        }
        return path;
    }

    private Path journal() {
        return root.resolve(FOLDER).resolve("journal");
    }
}
