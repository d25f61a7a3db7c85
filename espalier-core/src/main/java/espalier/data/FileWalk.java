package espalier.data;

import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a folder: each regular file once, everything unreadable named. No links are followed but the root's
 * own, which the user named.
 */
final class FileWalk implements FileVisitor<Path> {
    private final Path root;
    private Path start;
    private final Set<String> endings;
    private final List<Item> items = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();

    FileWalk(Path root, Set<String> endings) {
        this.root = root;
        this.start = root;
        this.endings = endings;
    }

    Items.Found run() {
        if (!Files.isDirectory(root)) {
            throw new DataException(
                    "cannot list " + root + ": " + (Files.exists(root) ? "not a folder" : "no such folder")
                            + ". Maybe the path is relative to another directory than "
                            + Path.of("").toAbsolutePath() + ".");
        }
        try {
            start = Files.isSymbolicLink(root) ? root.toRealPath() : root;
            Files.walkFileTree(start, this);
        } catch (IOException failure) {
            throw new DataException(
                    "cannot list " + root + ": " + failure.getMessage() + ". Maybe it was moved just now.", failure);
        }
        items.sort(Item.BY_ID);
        return new Items.Found(List.copyOf(items), List.copyOf(rejected));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean hidden = !directory.equals(start) && isHidden(directory);
        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        boolean linksToFolder = attributes.isSymbolicLink() && Files.isDirectory(file);
        if (isHidden(file) || (!linksToFolder && !endings.contains(ending(file)))) {
            return FileVisitResult.CONTINUE;
        }
        if (attributes.isSymbolicLink()) {
            rejected.add(new Rejected(
                    id(file), linksToFolder ? Rejected.LINKED_FOLDER : "a link, and links are not followed"));
        } else if (!attributes.isRegularFile()) {
            rejected.add(new Rejected(id(file), "not a regular file"));
        } else {
            items.add(new Item(id(file), root.resolve(start.relativize(file))));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        rejected.add(new Rejected(
                id(file),
                failure instanceof AccessDeniedException
                        ? "cannot be read: permission denied"
                        : "cannot be read: " + failure.getMessage()));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        if (failure != null) {
            rejected.add(new Rejected(id(directory), "cannot be listed to its end: " + failure.getMessage()));
        }
        return FileVisitResult.CONTINUE;
    }

    private String id(Path file) {
        return start.relativize(file).toString().replace('\\', '/');
    }

    private static boolean isHidden(Path file) {
        Path name = file.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
