package espalier.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The changes made to the files of a data set, each of which can be taken back, alone or all. Nothing is ever deleted
 * or overwritten: what is to go is moved to {@code .espalier/trash/}, a hidden folder that no scan enters.
 *
 * <p>Each change is written to {@code .espalier/journal.jsonl} and forced to the disk before it is made. So after the
 * program was killed at any moment the journal knows, at the next look, whether its last change was made; all
 * earlier ones were. Several programs and threads may change one data set: they take turns by a lock.
 *
 * <pre>{@code
 * var journal = Journal.of(Path.of("data/bears"));
 * journal.trash("black/7.jpg", "broken");
 * journal.undoAll();
 * }</pre>
 */
public final class Journal {
    /** The folder's name; it starts with a dot, so that no scan enters it. */
    public static final String FOLDER = ".espalier";

    private static final String REPLACE = "replace";
    private static final String TRASH = FOLDER + "/trash";
    private static final Map<Path, Object> TURNS = new ConcurrentHashMap<>();

    private final Path root;
    private final Path folder;
    private final JournalFile file;

    /**
     * What came of undoing.
     *
     * @param undone the changes that were taken back, in that order
     * @param left those that could not be, because another file has taken the place, the file is gone, or a link leads
     *     out of the data set
     */
    public record Undone(List<Change> undone, List<Change> left) {
        /** How many files are back at their places. */
        public int filesBack() {
            return (int) undone.stream().filter(Change::isMove).count();
        }

        /** How many pictures have their old row in a table again. */
        public int rowsBack() {
            return (int) undone.stream()
                    .filter(change -> change.from().equals(change.to()))
                    .map(Change::values)
                    .map(values -> values.getOrDefault("table", "") + "\n" + values.getOrDefault("row", ""))
                    .distinct()
                    .count();
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private Journal(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.folder = this.root.resolve(FOLDER);
        this.file = new JournalFile(folder.resolve("journal.jsonl"));
    }

    /** The journal of the data set {@code root}; nothing is written before something is changed. */
    public static Journal of(Path root) {
        return new Journal(root);
    }

    /**
     * Moves a file to the trash.
     *
     * @throws IOException when it cannot be moved; it is then where it was
     */
    public Change trash(String from, String reason) throws IOException {
        return locked(() -> move("delete", from, trashed(from), reason));
    }

    /**
     * Moves a file to {@code wanted}, or to the next free name like it ({@code a-2.jpg}); never over another.
     *
     * @param action what this is to people, such as {@code "relabel"}
     * @throws IOException when it cannot be moved; it is then where it was
     * @throws IllegalArgumentException when {@code wanted} is where it is
     */
    public Change move(String action, String from, String wanted) throws IOException {
        return locked(() -> moveElsewhere(action, from, wanted, ""));
    }

    /** Gives a file another name in its folder, or the next free one like it. */
    public Change rename(String from, String name, String reason) throws IOException {
        return locked(() -> moveElsewhere("rename", from, parent(from) + name, reason));
    }

    /** A file that is in its place would be in its own way, and get a number for nothing. */
    private Change moveElsewhere(String action, String from, String wanted, String reason) throws IOException {
        if (inside(wanted).equals(inside(from))) {
            throw new IllegalArgumentException(
                    "cannot " + action + " " + from + ": it is there already. Maybe another place was meant.");
        }
        return move(action, from, free(wanted), reason);
    }

    /**
     * Replaces the content of a file by {@code bytes}, under {@code name} in its folder; the original goes to the
     * trash.
     *
     * @return the original's move
     * @throws IOException when it cannot be replaced; it is then where and what it was
     */
    public Change replace(String from, String name, byte[] bytes, String reason) throws IOException {
        return locked(() -> {
            var moved = move(REPLACE, from, trashed(from), reason);
            String copy = free(parent(from) + name);
            var written = change("write", "", copy, "copy of " + from, Map.of());
            file.append(new JournalFile.Line(written, 0, ""));
            try {
                AtomicFiles.writeBytes(inside(copy), bytes);
            } catch (IOException failure) {
                undo(List.of(moved, written));
                throw failure;
            }
            return moved;
        });
    }

    /** Notes that something else is said of a file, which stays where it is: a cell of a table. */
    public Change note(String action, String of, Map<String, String> values) throws IOException {
        return locked(() -> {
            inside(of);
            var change = change(action, of, of, "", values);
            file.append(new JournalFile.Line(change, 0, ""));
            return change;
        });
    }

    /** The changes that can be undone, the oldest first. */
    public List<Change> changes() throws IOException {
        if (!Files.exists(folder.resolve("journal.jsonl"))) {
            return List.of();
        }
        if (!Files.isWritable(folder)) {
            file.refresh();
            return file.live();
        }
        return locked(file::live);
    }

    /**
     * How many lines of the journal are not heeded because nobody but another program can have written them: they lead out
     * of the data set, or their numbers are impossible.
     */
    public int skipped() throws IOException {
        changes();
        return file.skipped();
    }

    /** Whether a change of this number was ever made, be it undone by now. */
    public boolean knows(long id) throws IOException {
        return Files.exists(folder.resolve("journal.jsonl")) && locked(() -> file.knows(id));
    }

    /**
     * Takes one change back, and before it those made later to the same file. Does nothing when it is already
     * undone, so doing it twice does no harm.
     */
    public Undone undo(long id) throws IOException {
        return locked(() -> {
            var chain = new ArrayList<Change>();
            var places = new HashSet<String>();
            long copy = -1;
            for (Change change : file.live()) {
                if (change.id() == id || change.id() == copy || places.remove(change.from())) {
                    chain.add(change);
                    places.add(change.to());
                    copy = change.action().equals(REPLACE) ? change.id() + 1 : copy;
                }
            }
            return undo(chain);
        });
    }

    /**
     * Takes every change back, the latest first. Files that were written go to the trash. A file stays where it is
     * when another has taken its place; its change then stays in the journal. Of tables this takes back what the journal
     * says; {@code espalier.clean.Undo} writes their cleaned copies, too.
     */
    public Undone undoAll() throws IOException {
        return locked(() -> undo(file.live()));
    }

    /**
     * Where the files that have another place now were at first, by where they are: {@code dog/7.jpg -> cat/7.jpg}. Who
     * draws something by a file's path, as a random split does, draws it by this one, so that cleaning changes no other
     * file's part, and no file's own.
     */
    public Map<String, String> origins() throws IOException {
        Map<String, String> origins = new HashMap<>();
        for (Change change : changes()) {
            if (change.isMove()) {
                String first = Objects.requireNonNullElse(origins.remove(change.from()), change.from());
                origins.put(change.to(), first);
            }
        }
        return origins;
    }

    /**
     * The path of a file of the data set.
     *
     * @throws IllegalArgumentException when {@code relative} leads out of the data set, also by a link
     */
    public Path inside(String relative) {
        Path path = root.resolve(relative).normalize();
        if (relative.isEmpty() || relative.indexOf('\0') >= 0 || !path.startsWith(root) || path.equals(root)) {
            throw outside(relative);
        }
        for (Path at = path.getParent(); at != null && !at.equals(root); at = at.getParent()) {
            if (Files.isSymbolicLink(at)) {
                throw outside(relative);
            }
        }
        return path;
    }

    private IllegalArgumentException outside(String relative) {
        return new IllegalArgumentException(
                relative + " leads out of " + root + ". Maybe the journal belongs to another data set.");
    }

    private Undone undo(List<Change> changes) throws IOException {
        var latestFirst = new ArrayList<>(changes);
        Collections.reverse(latestFirst);
        var undone = new ArrayList<Change>();
        var left = new ArrayList<Change>();
        for (Change change : latestFirst) {
            (takenBack(change) ? undone : left).add(change);
        }
        return new Undone(List.copyOf(undone), List.copyOf(left));
    }

    private boolean takenBack(Change change) throws IOException {
        try {
            return takeBack(change);
        } catch (IllegalArgumentException outside) {
            return false; // by a link: the others are none the worse for it
        }
    }

    private boolean takeBack(Change change) throws IOException {
        String from = change.to();
        String to = change.from().isEmpty() ? trashed(change.to()) : change.from();
        boolean moves = !from.equals(to);
        if (moves && (exists(to) || !exists(from))) {
            boolean neverWritten = change.from().isEmpty() && !exists(from);
            if (!neverWritten) {
                return false;
            }
        }
        var back = change("undo", from, to, "", Map.of());
        apply(new JournalFile.Line(back, change.id(), stamp(from)), moves && exists(from));
        removeMade(from);
        return true;
    }

    /** The folder of the data set that has to be made for a file, the topmost when there are several; none for the trash. */
    private Map<String, String> made(String to) {
        String top = "";
        for (String at = folder(to); !at.isEmpty() && !exists(at); at = folder(at)) {
            top = at;
        }
        return top.isEmpty() || (top + "/").startsWith(FOLDER + "/") ? Map.of() : Map.of(JournalFile.MADE, top);
    }

    /** Removes the folders that were made for a file which is gone from there, unless something else is in them. */
    private void removeMade(String file) {
        for (String at = folder(file); !at.isEmpty() && this.file.made(at); at = folder(at)) {
            if (!inside(at).toFile().delete()) {
                return;
            }
        }
    }

    private static String folder(String relative) {
        return relative.substring(0, Math.max(0, relative.lastIndexOf('/')));
    }

    private Change move(String action, String from, String to, String reason) throws IOException {
        if (!exists(from) || Files.isDirectory(inside(from), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is no file " + from + " in " + root + ". Maybe it was moved meanwhile.");
        }
        var change = change(action, from, to, reason, made(to));
        apply(new JournalFile.Line(change, 0, stamp(from)), true);
        return change;
    }

    /** Announces a change, then makes it. */
    private void apply(JournalFile.Line line, boolean moves) throws IOException {
        Path from = inside(line.change().from());
        Path to = inside(line.change().to());
        file.append(line);
        if (moves) {
            try {
                Files.createDirectories(Objects.requireNonNull(to.getParent()));
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException failure) {
                file.cancel(line);
                throw failure;
            }
            AtomicFiles.forceDirectory(Objects.requireNonNull(to.getParent()));
            AtomicFiles.forceDirectory(Objects.requireNonNull(from.getParent()));
        }
    }

    private Change change(String action, String from, String to, String reason, Map<String, String> values) {
        return new Change(file.next(), Instant.now(), action, from, to, reason, values);
    }

    /** Runs {@code work} alone, on a journal that is up to date and sure of its last change. */
    private <T> T locked(Work<T> work) throws IOException {
        synchronized (TURNS.computeIfAbsent(root.toRealPath(), key -> new Object())) {
            Files.createDirectories(Destination.unlinked(folder));
            try (var channel = FileChannel.open(
                            folder.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
                    var lock = channel.lock()) {
                file.refresh();
                Optional<JournalFile.Line> unsure = file.unsure();
                if (unsure.isPresent() && !wasMade(unsure.get())) {
                    file.cancel(unsure.get());
                }
                return work.run();
            }
        }
    }

    /** Whether the last change was made before the program ended. */
    private boolean wasMade(JournalFile.Line line) {
        Change change = line.change();
        if (change.from().isEmpty()) {
            return exists(change.to());
        }
        if (!change.isMove()) {
            return true;
        }
        return stamp(change.to()).equals(line.stamp())
                || (!stamp(change.from()).equals(line.stamp()) && exists(change.to()))
                || !exists(change.from());
    }

    private String stamp(String relative) {
        return Stamp.of(inside(relative)).map(Stamp::text).orElse("");
    }

    private boolean exists(String relative) {
        return Files.exists(inside(relative), LinkOption.NOFOLLOW_LINKS);
    }

    private String trashed(String from) {
        return free(TRASH + "/" + from);
    }

    private static String parent(String relative) {
        return relative.substring(0, relative.lastIndexOf('/') + 1);
    }

    /** {@code wanted}, or it with a number when that is taken. */
    private String free(String wanted) {
        String name = wanted;
        for (int i = 2; exists(name); i++) {
            int slash = wanted.lastIndexOf('/');
            int dot = wanted.lastIndexOf('.');
            name = dot > slash + 1 ? wanted.substring(0, dot) + "-" + i + wanted.substring(dot) : wanted + "-" + i;
        }
        return name;
    }
}
