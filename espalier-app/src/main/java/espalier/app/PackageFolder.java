package espalier.app;

import espalier.files.AtomicFiles;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.files.Folders;
import espalier.files.MadeFolders;
import espalier.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder that a package goes into. It keeps a list of what was written there, with digests, in
 * {@code .espalier-package/files.json}: so that a later package replaces what an earlier one wrote, whole, and nothing
 * else.
 *
 * <p>New files are first written beside the old ones. Only when all are there do they take their places, by renaming.
 * Before that the list names the old and the new ones: who was interrupted in between can package again.
 */
final class PackageFolder {
    private static final String OWN = ".espalier-package";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HINT = "Maybe choose an empty folder.";

    private final Path out;
    private final Path list;
    private final Path staging;
    /** Files that earlier packages wrote, with the digests that they may have. */
    private final Map<String, Set<String>> earlier;

    private final Map<String, Set<String>> fresh = new TreeMap<>();

    private PackageFolder(Path out, Map<String, Set<String>> earlier) {
        this.out = out;
        this.list = out.resolve(OWN).resolve("files.json");
        this.staging = out.resolve(OWN).resolve("new");
        this.earlier = earlier;
    }

    /**
     * A file as it goes into a package.
     *
     * @param isExecutable whether it is a program
     */
    record Packed(AtomicFiles.Content content, boolean isExecutable) {
        static Packed copy(Path file) {
            return new Packed(out -> Files.copy(file, out), Files.isExecutable(file));
        }
    }

    /**
     * Writes a package, whole or not at all.
     *
     * @param files by their paths relative to the folder, with {@code /} between
     * @param written is told each
     * @return the files, relative to the folder
     */
    static List<Path> write(Path out, Map<String, Packed> files, Consumer<Path> written) throws IOException {
        var folder = of(out, files.keySet());
        var made = MadeFolders.make(out);
        try {
            folder.begin();
            for (var file : files.entrySet()) {
                folder.stage(
                        file.getKey(),
                        file.getValue().content(),
                        file.getValue().isExecutable());
                written.accept(Path.of(file.getKey()));
            }
            folder.commit();
        } catch (IOException | RuntimeException failure) {
            try {
                folder.abandon();
                made.removeEmpty();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
        return files.keySet().stream().map(Path::of).toList();
    }

    /**
     * The folder, when {@code names} can be written there without touching anybody else's files. Writes nothing.
     *
     * @param names paths relative to the folder, with {@code /} between
     * @throws CannotWriteException when it holds other things than a package, or files of the package were changed, or
     *     nothing can be written there
     */
    private static PackageFolder of(Path out, Collection<String> names) throws IOException {
        Destination.folder(out);
        Path list = out.resolve(OWN).resolve("files.json");
        if (Files.isRegularFile(list)) {
            var folder = new PackageFolder(out, read(out, list));
            folder.refuseOthers(names);
            return folder;
        }
        if (Files.isDirectory(out)) {
            try (var inside = Files.list(out)) {
                if (inside.anyMatch(file -> !file.endsWith(OWN))) {
                    throw CannotWriteException.refused(
                            out, "the folder holds other files than those of an earlier package", HINT);
                }
            }
        }
        return new PackageFolder(out, Map.of());
    }

    private static Map<String, Set<String>> read(Path out, Path list) throws IOException {
        Map<String, Set<String>> files = new TreeMap<>();
        try {
            for (var entry : JSON.readTree(Files.readString(list)).path("files").properties()) {
                Set<String> digests = new TreeSet<>();
                entry.getValue().forEach(digest -> digests.add(digest.asString("")));
                files.put(entry.getKey(), digests);
            }
        } catch (JacksonException damaged) {
            throw CannotWriteException.refused(out, "its list of packaged files, " + list + ", is damaged", HINT);
        }
        return files;
    }

    /** Of links nothing is known: they are taken for the user's. */
    private void refuseOthers(Collection<String> names) throws IOException {
        var others = new TreeSet<String>();
        for (String name : union(names)) {
            Path file = out.resolve(name).normalize();
            Path parent = Objects.requireNonNull(file.getParent());
            if (!file.startsWith(out.normalize()) || Files.isSymbolicLink(parent)) {
                others.add(name);
            } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                boolean regular = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                if (!regular || !earlier.getOrDefault(name, Set.of()).contains(Sha256.of(file))) {
                    others.add(name);
                }
            }
        }
        if (!others.isEmpty()) {
            throw CannotWriteException.refused(
                    out,
                    "these files were added or changed since it was packaged: " + String.join(", ", others),
                    "Maybe move them away first, or choose an empty folder.");
        }
    }

    private Set<String> union(Collection<String> names) {
        var all = new TreeSet<>(names);
        all.addAll(earlier.keySet());
        return all;
    }

    /** Writes a file of the package beside the present ones. */
    private void stage(String name, AtomicFiles.Content content, boolean executable) throws IOException {
        Path file = staging.resolve(name);
        AtomicFiles.write(file, content);
        if (executable && !file.toFile().setExecutable(true, false)) {
            throw new IOException(file + " cannot be made executable");
        }
        fresh.put(name, Set.of(Sha256.of(file)));
    }

    /** Takes away what an interrupted package left, before anything is staged. */
    private void begin() throws IOException {
        Folders.delete(staging);
    }

    /** Puts what was staged in place, and removes what earlier packages wrote and this one does not. */
    private void commit() throws IOException {
        Map<String, Set<String>> either = new TreeMap<>(earlier);
        fresh.forEach((name, digests) -> either.merge(name, digests, PackageFolder::both));
        write(either);
        for (String name : fresh.keySet()) {
            Path file = out.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.move(
                    staging.resolve(name), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        for (String name : earlier.keySet()) {
            if (!fresh.containsKey(name)) {
                Files.deleteIfExists(out.resolve(name));
            }
        }
        write(fresh);
        Folders.delete(staging);
    }

    private static Set<String> both(Set<String> some, Set<String> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private void write(Map<String, Set<String>> files) throws IOException {
        AtomicFiles.writeString(
                list,
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Map.of("writtenBy", "espalier package", "files", files)));
    }

    /** After a failure: takes away what was staged. */
    private void abandon() throws IOException {
        Folders.delete(staging);
        if (!Files.exists(list)) {
            Files.deleteIfExists(list.getParent());
        }
    }
}
