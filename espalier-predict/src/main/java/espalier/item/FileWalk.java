package espalier.item;

import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk through a folder: each regular file once, everything unreadable named. Links are followed, but for those that lead
 * in a circle.
 */
public final class FileWalk implements FileVisitor<Path> {
    /** What Java makes of bytes in names that are no characters. */
    private static final char UNKNOWN = '\uFFFD';

    private final Path root;
    private Path start;
    private final Set<String> endings;
    private final boolean byContent;
    private final List<Item> items = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();

    /** @param byContent whether files with other endings are looked at, and taken when they are images */
    FileWalk(Path root, Set<String> endings, boolean byContent) {
        this.root = root;
        this.start = root;
        this.endings = endings;
        this.byContent = byContent;
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
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, this);
        } catch (IOException failure) {
            throw new DataException(
                    "cannot list " + root + ": " + failure.getMessage() + ". Maybe it was moved just now.", failure);
        }
        items.sort(Item.BY_ID);
        return new Items.Found(List.copyOf(items), List.copyOf(rejected));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        if (directory.equals(start)) {
            return FileVisitResult.CONTINUE;
        }
        if (leadsAbove(start, directory)) {
            rejected.add(new Rejected(id(directory), Rejected.LINKED_ABOVE));
            return FileVisitResult.SKIP_SUBTREE;
        }
        boolean system = SystemFolders.has(directory);
        if (system) {
            rejected.add(new Rejected(id(directory), Rejected.SYSTEM_FOLDER));
        }
        return system || isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        boolean meant = endings.contains(ending(file)) || isMeant(file, attributes);
        if (isHidden(file) || !meant) {
            return FileVisitResult.CONTINUE;
        }
        if (id(file).indexOf(UNKNOWN) >= 0) {
            rejected.add(new Rejected(id(file), "its name is not UTF-8, so nothing could find it again"));
        } else if (attributes.isSymbolicLink()) {
            rejected.add(new Rejected(id(file), "a link to nothing"));
        } else if (!attributes.isRegularFile()) {
            rejected.add(new Rejected(id(file), "not a regular file"));
        } else {
            items.add(new Item(id(file), root.resolve(start.relativize(file))));
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean isMeant(Path file, BasicFileAttributes attributes) {
        return byContent && attributes.isRegularFile() && !isHidden(file) && ImageBytes.isImage(file);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        rejected.add(new Rejected(id(file), reason(failure)));
        return FileVisitResult.CONTINUE;
    }

    /** Whether a folder is a link to one that it lies in, or in which the whole data set lies. */
    public static boolean leadsAbove(Path start, Path folder) throws IOException {
        return Files.isSymbolicLink(folder) && start.toRealPath().startsWith(folder.toRealPath());
    }

    /** Why something that was walked to cannot be looked at. */
    public static String reason(IOException failure) {
        if (failure instanceof FileSystemLoopException) {
            return Rejected.LINKED_ABOVE;
        }
        return failure instanceof AccessDeniedException
                ? "cannot be read: permission denied"
                : "cannot be read: " + failure.getMessage();
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        if (failure != null) {
            rejected.add(new Rejected(id(directory), "cannot be listed to its end: " + failure.getMessage()));
        }
        return FileVisitResult.CONTINUE;
    }

    private String id(Path file) {
        return Item.id(start, file);
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
