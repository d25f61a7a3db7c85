package espalier.collect;

import espalier.collect.Finding.Kind;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a data set that are, or by their names should be, pictures. Links are not followed, pipes
 * and devices not opened, so that nothing can loop or hang.
 */
final class PictureScan implements FileVisitor<Path> {
    private static final Set<String> ENDINGS = Set.of(
            "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff", "avif", "heic", "heif", "svg",
            "jp2", "jxl", "ico", "psd");

    private final Path root;
    private final List<Path> pictures = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();
    private final Set<Path> filled = new HashSet<>();
    private int otherFiles;

    private PictureScan(Path root) {
        this.root = root;
    }

    static PictureScan of(Path root) throws IOException {
        var scan = new PictureScan(root);
        Files.walkFileTree(root, scan);
        scan.pictures.sort(java.util.Comparator.comparing(file -> Labels.id(root, file)));
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
                .map(folder -> Labels.id(root, folder))
                .sorted()
                .toList();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        boolean hidden = !directory.equals(root)
                && String.valueOf(directory.getFileName()).startsWith(".");
        if (hidden) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        if (!directory.equals(root)) {
            folders.add(directory);
            filled.add(directory.getParent());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(".")) {
            return FileVisitResult.CONTINUE;
        }
        filled.add(file.getParent());
        boolean named =
                ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        if (attributes.isSymbolicLink()) {
            if (named) {
                broken(file, "a link, and links are not followed");
            }
        } else if (!attributes.isRegularFile()) {
            if (named) {
                broken(file, "not a regular file");
            }
        } else if (named || isPicture(file)) {
            pictures.add(file);
        } else {
            otherFiles++;
        }
        return FileVisitResult.CONTINUE;
    }

    private static boolean isPicture(Path file) {
        try {
            return FileType.of(file).isPicture();
        } catch (IOException unreadable) {
            return false; // not named like a picture, and not to be seen: none of ours
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        filled.add(file); // nobody knows what is in a folder that cannot be opened
        filled.add(file.getParent());
        broken(
                file,
                failure instanceof java.nio.file.AccessDeniedException
                        ? "cannot be read: permission denied"
                        : "cannot be read: " + failure.getMessage());
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
        findings.add(Finding.of(Kind.BROKEN, Labels.id(root, file), reason));
    }
}
