package espalier.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Where a result goes, looked at before the work begins: what cannot be written, or must not be replaced, fails
 * then. Nothing is left behind, also no folder.
 */
public final class Destination {
    private Destination() {}

    /**
     * The file that writing {@code target} makes or replaces: {@code target} itself, or what it links to.
     *
     * @throws CannotWriteException when it is a folder, a device, a pipe or a link to nothing, or lies where nothing
     *     can be written
     */
    public static Path file(Path target) throws CannotWriteException {
        Path file = resolved(target);
        probe(target, existingParent(file));
        return file;
    }

    /**
     * As {@link #file}, for a result that is made from the file or folder {@code input}: it must not replace what it is
     * made from, nor lie among the files of a folder with one of {@code endings} as one of them.
     *
     * @param endings of the files that belong to the input, in lower case without a dot
     * @throws CannotWriteException when {@link #file} does, or when {@code target} would be a part of the input
     */
    public static Path fileBeside(Path target, Path input, Set<String> endings) throws CannotWriteException {
        Path file = file(target);
        try {
            Path real = real(file);
            if (Files.exists(input) && real.equals(input.toRealPath())) {
                throw CannotWriteException.refused(
                        target, "the result would replace what it is made from", "Maybe choose another name.");
            }
            String name = String.valueOf(file.getFileName());
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (Files.isDirectory(input) && endings.contains(ending) && real.startsWith(input.toRealPath())) {
                throw CannotWriteException.refused(
                        target,
                        "the result would become one of the files of " + input,
                        "Maybe choose a place outside of that folder.");
            }
        } catch (IOException failure) {
            throw CannotWriteException.of(target, failure);
        }
        return file;
    }

    /** The file without links on the way to it, whether it is there or not. */
    private static Path real(Path file) throws IOException {
        Path there = existingParent(file);
        return Files.exists(file) ? file.toRealPath() : there.toRealPath().resolve(there.relativize(file));
    }

    /**
     * {@code target}, which is a folder or can become one.
     *
     * @throws CannotWriteException when it is something else, or lies where nothing can be written
     */
    public static Path folder(Path target) throws CannotWriteException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw CannotWriteException.refused(
                    target, "it is a file, expected a folder", "Maybe its parent was meant, or another name.");
        }
        if (Files.isSymbolicLink(target) && !Files.exists(target)) {
            throw linkToNothing(target);
        }
        Path absolute = target.toAbsolutePath().normalize();
        probe(target, Files.exists(absolute) ? absolute : existingParent(absolute));
        return target;
    }

    /** The file behind {@code target}, without a look at whether its folder can be written. */
    static Path resolved(Path target) throws CannotWriteException {
        Path absolute = target.toAbsolutePath();
        if (absolute.getParent() == null || target.toString().isEmpty()) {
            throw CannotWriteException.refused(target, "it names no file", "Maybe add a file name.");
        }
        if (Files.isDirectory(absolute)) {
            throw CannotWriteException.refused(
                    target,
                    "it is a folder, expected a file",
                    "Maybe name a file in it: " + target.resolve("NAME") + ".");
        }
        if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
            throw linkToNothing(target);
        }
        if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
            throw CannotWriteException.refused(
                    target,
                    "it is a device or a pipe, expected a file",
                    "Maybe choose another name: results are written as whole files.");
        }
        try {
            return Files.isSymbolicLink(absolute) ? absolute.toRealPath() : absolute;
        } catch (IOException failure) {
            throw CannotWriteException.of(target, failure);
        }
    }

    private static CannotWriteException linkToNothing(Path target) {
        return CannotWriteException.refused(
                target,
                "it is a link to something that is not there",
                "Maybe remove the link, or choose another name.");
    }

    /** The nearest parent that is there. */
    private static Path existingParent(Path file) {
        Path parent = file.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent == null ? Path.of("").toAbsolutePath() : parent;
    }

    /** Asking for permissions is not enough: read-only and virtual file systems answer yes. */
    private static void probe(Path target, Path folder) throws CannotWriteException {
        try {
            if (!Files.isDirectory(folder)) {
                throw CannotWriteException.refused(
                        target, folder + " is a file, expected a folder", "Maybe the path is misspelt.");
            }
            Files.delete(Files.createTempFile(folder, CannotWriteException.TEMPORARY, ".tmp"));
        } catch (IOException failure) {
            throw CannotWriteException.of(target, failure);
        }
    }

    /**
     * A folder that is no link, made or not.
     *
     * @throws CannotWriteException when it is one: what is written there would land elsewhere
     */
    public static Path unlinked(Path folder) throws CannotWriteException {
        if (Files.isSymbolicLink(folder)) {
            throw CannotWriteException.refused(folder, "it is a link, and links are not followed", "Maybe remove it.");
        }
        return folder;
    }
}
