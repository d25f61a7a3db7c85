package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.item.FileWalk;
import espalier.item.ImageBytes;
import espalier.item.Item;
import espalier.item.Items;
import espalier.item.SystemFolders;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a data set that are, or by their names should be, pictures. Links are followed, but for those
 * that lead in a circle; pipes and devices are not opened, so that nothing can loop or hang. What has a name that
 * Java cannot give back to the system is told and passed over: nobody could open it by its path.
 */
final class PictureScan implements FileVisitor<Path> {
    /** Further endings of pictures that nothing here decodes. */
    private static final Set<String> OTHERS = Set.of("ico", "psd");

    private final Path root;
    private final Path start;
    private final List<Path> pictures = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private final Set<Path> filled = new HashSet<>();
    private int otherFiles;

    private PictureScan(Path root, Path start) {
        this.root = root;
        this.start = start;
    }

    static PictureScan of(Path root) throws IOException {
        var scan = new PictureScan(root, Files.isSymbolicLink(root) ? root.toRealPath() : root);
        Files.walkFileTree(scan.start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, scan);
        scan.pictures.sort(java.util.Comparator.comparing(file -> Item.id(root, file)));
        return scan;
    }

    List<Path> pictures() {
        return pictures;
    }

    List<Finding> findings() {
        return findings;
    }

    int otherFiles() {
        return otherFiles;
    }

    /** Folders with nothing in them but hidden files, relative to the data set, in order. */
    List<String> emptyFolders() {
        return folders.stream()
                .filter(folder -> !filled.contains(folder))
                .map(folder -> Item.id(start, folder))
                .sorted()
                .toList();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
        if (directory.equals(start)) {
            return FileVisitResult.CONTINUE;
        }
        if (FileWalk.leadsAbove(start, directory)) {
            filled.add(directory.getParent());
            broken(directory, Rejected.LINKED_ABOVE);
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (SystemFolders.has(directory)) {
            findings.add(Finding.of(Kind.REMARK, Item.id(start, directory), Rejected.SYSTEM_FOLDER));
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (String.valueOf(directory.getFileName()).startsWith(".")) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        filled.add(directory.getParent());
        if (!hasName(directory)) {
            broken(directory, unnamed());
            return FileVisitResult.SKIP_SUBTREE;
        }
        folders.add(directory);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(".")) {
            return FileVisitResult.CONTINUE;
        }
        filled.add(file.getParent());
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean named = Items.IMAGE_ENDINGS.contains(ending) || OTHERS.contains(ending);
        if (attributes.isSymbolicLink()) {
            if (named) {
                broken(file, "a link to nothing");
            }
        } else if (!attributes.isRegularFile()) {
            if (named) {
                broken(file, "not a regular file");
            }
        } else if ((named || ImageBytes.isImage(file)) && !hasName(file)) {
            broken(file, unnamed());
        } else if (named || ImageBytes.isImage(file)) {
            pictures.add(root.resolve(start.relativize(file)));
        } else {
            otherFiles++;
        }
        return FileVisitResult.CONTINUE;
    }

    /** Whether a path's text names the same file again: not when its bytes are none of the system's encoding. */
    private static boolean hasName(Path file) {
        try {
            Path again = file.getFileSystem().getPath(file.toString());
            return again.equals(file) || Files.isSameFile(again, file); // the second where names are normalised
        } catch (InvalidPathException | IOException lossy) {
            return false;
        }
    }

    private static String unnamed() {
        String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
        return encoding.equalsIgnoreCase("UTF-8")
                ? "its name is no UTF-8: rename it"
                : "its name is no " + encoding + ": rename it, or set LC_ALL=C.UTF-8";
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        filled.add(file); // nobody knows what is in a folder that cannot be opened
        filled.add(file.getParent());
        broken(file, FileWalk.reason(failure));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        if (failure != null) {
            broken(directory, "cannot be listed to its end: " + failure.getMessage());
        }
        return FileVisitResult.CONTINUE;
    }

    private void broken(Path file, String reason) {
        findings.add(Finding.of(Kind.BROKEN, Item.id(start, file), reason));
    }
}
