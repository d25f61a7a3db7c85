package espalier.collect;

import espalier.collect.ArchiveEntries.Entry;
import espalier.files.Folders;
import espalier.files.Journal;
import espalier.report.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/** The folder beside the target in which an extraction takes place; it holds nothing but plain files and folders. */
final class Staging {
    private static final int LONGEST_NAME = 1024;

    private final Path root;
    private final ArchiveBudget budget;
    private int folders;

    Staging(Path root, ArchiveBudget budget) {
        this.root = root;
        this.budget = budget;
    }

    /** Extracts {@code archive} into {@code folder}, which lies in this staging folder. */
    void extract(Path archive, Path folder) throws IOException {
        try (var entries = ArchiveEntries.open(archive, budget)) {
            extract(entries, archive, folder);
        } catch (java.nio.file.FileSystemException | InterruptedIOException other) {
            throw other;
        } catch (ClosedByInterruptException stop) {
            throw interrupted();
        } catch (DataException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            if (isFull(broken)) {
                throw broken;
            }
            throw new DataException(
                    budget.named(archive) + " is broken: " + reason(broken) + ". Maybe download it again.", broken);
        }
    }

    /** All entries; of a tar that is cut off, and may be, those before the cut. */
    private void extract(ArchiveEntries entries, Path archive, Path folder) throws IOException {
        String name = "";
        try {
            for (var entry = entries.next(); entry.isPresent(); entry = entries.next()) {
                name = entry.get().name();
                budget.entry();
                place(entry.get(), entries, folder);
                name = "";
            }
        } catch (java.nio.file.FileSystemException | InterruptedIOException | ClosedByInterruptException other) {
            throw other;
        } catch (IOException broken) {
            boolean cut = entries instanceof TarEntries tar && tar.exhausted() && !isFull(broken);
            if (!cut || !budget.cutAt(archive, name)) {
                throw broken;
            }
        }
    }

    private static boolean isFull(Exception failure) {
        return String.valueOf(failure.getMessage()).contains("No space left");
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("the extraction was interrupted; nothing of it is kept");
    }

    /** What a reader of archives complained of, without a full stop. Most say nothing when the end is missing. */
    private static String reason(Exception broken) {
        String said = String.valueOf(broken.getMessage()).strip().replaceFirst("[.]+$", "");
        boolean mute = broken.getMessage() == null || said.isEmpty();
        if (broken instanceof EOFException) {
            return mute ? "it is cut off" : "it is cut off (" + said + ")";
        }
        return mute ? "its content makes no sense" : said;
    }

    private void place(Entry entry, ArchiveEntries entries, Path folder) throws IOException {
        Optional<String> fault = entry.fault().isEmpty() ? objection(entry.name()) : Optional.of(entry.fault());
        if (fault.isPresent()) {
            budget.bad(entry.name(), fault.get());
            return;
        }
        Path target = folder.resolve(relative(entry.name())).normalize();
        if (!target.startsWith(folder)) {
            budget.bad(entry.name(), "leads out of the target");
            return;
        }
        try {
            if (entry.directory()) {
                Files.createDirectories(target);
            } else if (!target.equals(folder)) {
                Files.createDirectories(java.util.Objects.requireNonNull(target.getParent()));
                write(entry, entries.content(), target);
            }
        } catch (FileAlreadyExistsException twice) {
            budget.bad(entry.name(), "is there twice");
        }
    }

    private void write(Entry entry, InputStream in, Path target) throws IOException {
        var crc = new CRC32();
        long total = 0;
        boolean partial = false; // nor when there is one of that name already
        try (var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            partial = true;
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                if (Thread.currentThread().isInterrupted()) { // the streams of files do not heed it
                    throw interrupted();
                }
                budget.bytes(count);
                total += count;
                crc.update(buffer, 0, count);
                out.write(buffer, 0, count);
            }
            partial = false;
        } finally {
            if (partial) {
                Files.deleteIfExists(target);
            }
        }
        if (entry.size() >= 0 && total != entry.size()) {
            Files.delete(target);
            budget.bad(entry.name(), "says it holds " + entry.size() + " bytes, but holds " + total);
        } else if (entry.crc() >= 0 && crc.getValue() != entry.crc()) {
            Files.delete(target);
            budget.bad(entry.name(), "does not match its checksum");
        } else {
            budget.file(entry.name(), total);
        }
    }

    /** What is wrong with a name; empty when it may become a path. */
    static Optional<String> objection(String name) {
        String path = name.replace('\\', '/');
        if (path.length() > LONGEST_NAME) {
            return Optional.of("has a name of " + path.length() + " characters");
        } else if (path.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            return Optional.of("has a control character in its name");
        } else if (path.startsWith("/")) {
            return Optional.of("has an absolute name");
        } else if (path.matches("(?s)[A-Za-z]:.*")) {
            return Optional.of("names a drive");
        }
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                return Optional.of("climbs out by ..");
            } else if (part.strip().replaceFirst("[. ]+$", "").equalsIgnoreCase(Journal.FOLDER)) {
                return Optional.of("lies in " + Journal.FOLDER + ", where Espalier keeps its own notes");
            } else if (part.getBytes(StandardCharsets.UTF_8).length > 255) {
                return Optional.of("has a name part longer than 255 bytes");
            }
        }
        return path.isBlank() ? Optional.of("has no name") : Optional.empty();
    }

    private static String relative(String name) {
        return name.replace('\\', '/');
    }

    /** A new empty folder for a nested archive, beside the content so that no name can collide with it. */
    Path folder() throws IOException {
        return Files.createDirectory(root.resolveSibling("nested-" + folders++));
    }

    /** Drops a nested archive whose content has been extracted. */
    void forget(Path archive) throws IOException {
        budget.replaced(Files.size(archive));
        Files.delete(archive);
    }

    /** Moves what is in {@code from} into {@code to}, both in the staging folder. */
    void merge(Path from, Path to) throws IOException {
        move(from, to);
        Folders.delete(from);
    }

    /** Moves everything to its place in {@code target}, after seeing that nothing there is in the way. */
    void publish(Path target) throws IOException {
        try (var walk = Files.walk(root)) {
            for (Path path : walk.filter(each -> !each.equals(root)).toList()) {
                check(path, target);
            }
        }
        move(root, target);
    }

    private void check(Path path, Path target) throws IOException {
        Path relative = root.relativize(path);
        Path there = target;
        for (Path part : relative) {
            there = there.resolve(part);
            if (Files.isSymbolicLink(there)) {
                throw budget.stop(
                        there + " is a link, and links are not followed", "choose another folder, or remove the link");
            }
        }
        boolean fits = Files.isDirectory(path)
                ? Files.isDirectory(there)
                : Files.isRegularFile(there) && Files.mismatch(path, there) < 0;
        if (Files.exists(there, LinkOption.NOFOLLOW_LINKS) && !fits) {
            throw budget.stop(
                    there + " is there already with other content", "choose an empty folder, or move that file away");
        }
    }

    private void move(Path from, Path to) throws IOException {
        try (var children = Files.list(from)) {
            for (Path child : children.sorted().toList()) {
                Path target = to.resolve(java.util.Objects.requireNonNull(child.getFileName()));
                boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
                if (!exists) {
                    Files.move(child, target, StandardCopyOption.ATOMIC_MOVE);
                } else if (Files.isDirectory(child) && Files.isDirectory(target)) {
                    move(child, target);
                } else if (!Files.isRegularFile(child)
                        || !Files.isRegularFile(target)
                        || Files.mismatch(child, target) >= 0) {
                    throw budget.stop("two of its files are called " + target.getFileName());
                }
            }
        }
    }
}
