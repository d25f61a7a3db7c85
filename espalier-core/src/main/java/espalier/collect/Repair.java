package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.data.DataException;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.vision.image.Decoded;
import espalier.vision.image.ImageHeader;
import espalier.vision.image.ImageReader;
import espalier.vision.image.ImageType;
import espalier.vision.image.ImageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Acts on what {@link Verify} found, through its {@link Journal}, so that everything can be undone.
 */
public final class Repair {
    private static final int QUALITY = 95;

    private final Path root;
    private final Journal journal;

    private Repair(Path root) {
        this.root = root;
        this.journal = Journal.of(root);
    }

    /** The repair of the data set {@code root}. */
    public static Repair of(Path root) {
        return new Repair(root);
    }

    /**
     * Moves to the trash: broken, tiny and blank files, of copies with one label and one split all but
     * the first, of leaked ones those in train, and all that are under two labels (somebody must look).
     */
    public List<Change> quarantine(VerifyReport report) throws IOException {
        var changes = new ArrayList<Change>();
        Set<String> moved = new HashSet<>();
        for (Finding finding : report.findings()) {
            for (String file : unwanted(finding, moved)) {
                boolean folder = Files.isDirectory(root.resolve(file), LinkOption.NOFOLLOW_LINKS);
                if (!folder && moved.add(file)) {
                    changes.add(journal.trash(file, finding.kind().label() + ": " + finding.reason()));
                }
            }
        }
        return changes;
    }

    private static List<String> unwanted(Finding finding, Set<String> moved) {
        return switch (finding.kind()) {
            case BROKEN, TINY, BLANK, CONFLICT -> finding.files();
            case LEAK ->
                finding.files().stream()
                        .filter(file -> Labels.split(file).equals("train"))
                        .toList();
            case DUPLICATE, NEAR_DUPLICATE -> {
                var there = finding.files().stream()
                        .filter(file -> !moved.contains(file))
                        .toList();
                boolean oneSplit = there.stream().map(Labels::split).distinct().count() == 1;
                yield there.size() > 1 && oneSplit ? there.subList(1, there.size()) : List.of();
            }
            default -> List.of();
        };
    }

    /**
     * Gives files the ending of their format, and writes upright copies of turned photographs and whole
     * ones of truncated pictures (the missing part is grey) in the place of the originals, which go to
     * the trash.
     */
    public List<Change> fix(VerifyReport report) throws IOException {
        var changes = new ArrayList<Change>();
        Set<String> done = new HashSet<>();
        for (Finding finding : report.findings()) {
            String file = finding.files().get(0);
            boolean truncated =
                    finding.kind() == Kind.BROKEN && finding.reason().startsWith("truncated");
            boolean turned = finding.kind() == Kind.REMARK && finding.reason().startsWith("stored turned");
            if ((truncated || turned) && done.add(file)) {
                rewrite(file, truncated ? "truncated" : "turned", changes);
            }
        }
        for (Finding finding : report.of(Kind.WRONG_EXTENSION)) {
            String file = finding.files().get(0);
            if (done.add(file)) {
                ImageType type = ImageHeader.read(root.resolve(file)).type();
                changes.add(journal.rename(file, named(file, type.extensions().get(0)), finding.reason()));
            }
        }
        return changes;
    }

    private void rewrite(String file, String reason, List<Change> changes) throws IOException {
        Decoded decoded;
        try {
            decoded = ImageReader.of().allowTruncated().decode(root.resolve(file));
        } catch (DataException beyond) {
            return; // nothing of it can be saved: it stays broken in the next report
        }
        boolean jpeg = decoded.header().type() == ImageType.JPEG;
        byte[] bytes = jpeg ? ImageWriter.jpeg(decoded.image(), QUALITY) : ImageWriter.png(decoded.image());
        changes.add(journal.replace(file, named(file, jpeg ? "jpg" : "png"), bytes, reason));
    }

    /** The file's name with {@code ending}, unless it has an ending of that format already. */
    private static String named(String file, String ending) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (ImageType.ofFileName(name).equals(ImageType.ofFileName("x." + ending))) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name) + "." + ending;
    }
}
