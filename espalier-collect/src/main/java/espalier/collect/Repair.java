package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.data.Splits.Part;
import espalier.files.Change;
import espalier.files.Journal;
import espalier.files.Links;
import espalier.image.Decoded;
import espalier.image.Image;
import espalier.image.ImageHeader;
import espalier.image.ImageReader;
import espalier.image.ImageType;
import espalier.image.ImageWriter;
import espalier.report.DataException;
import espalier.report.Rejected;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Acts on what {@link Verify} found, through its {@link Journal}, so that everything can be undone. A file that cannot
 * be changed ends nothing: {@link #left} names it, and the rest is done.
 */
public final class Repair {
    private static final int QUALITY = 95;
    /** What stands for missing pixels. */
    private static final int GREY = 128;

    private final Path root;
    private final Journal journal;
    private final Map<String, Rejected> left = new LinkedHashMap<>();

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
     * the first, and all that are under two labels (somebody must look). Of leaked ones those in train go, then those in
     * no split, then those in valid, until one split has the picture: test is the last to lose one.
     */
    public List<Change> quarantine(VerifyReport report) {
        var changes = new ArrayList<Change>();
        Set<String> moved = new HashSet<>();
        for (Finding finding : report.findings()) {
            for (String file : besideLinks(finding, unwanted(report, finding, moved))) {
                if (moved.add(file)) {
                    attempt(file, changes, () -> trash(file, finding));
                }
            }
        }
        return changes;
    }

    private Change trash(String file, Finding finding) throws IOException {
        if (Files.isDirectory(root.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("a folder, " + finding.reason());
        } else if (!Files.exists(root.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(finding.kind() == Kind.BROKEN ? finding.reason() : "there is no such file any more");
        }
        return journal.trash(file, finding.kind().label() + ": " + finding.reason());
    }

    /** What could not be changed so far, each with its reason. */
    public List<Rejected> left() {
        return List.copyOf(left.values());
    }

    private interface Attempt {
        Change make() throws IOException;
    }

    private void attempt(String file, List<Change> changes, Attempt change) {
        try {
            changes.add(change.make());
            left.remove(file);
        } catch (AccessDeniedException denied) {
            left.put(file, new Rejected(file, "cannot be moved: permission denied"));
        } catch (IOException | IllegalArgumentException failure) {
            left.put(file, new Rejected(file, "cannot be moved: " + failure.getMessage()));
        }
    }

    /** A leak's files but those in the split that needs them most. */
    private static List<String> leaked(VerifyReport report, List<String> files) {
        String keeper = files.stream()
                .map(file -> split(report, file))
                .max(Comparator.comparingInt(Repair::need))
                .orElse("");
        return files.stream()
                .filter(file -> !split(report, file).equals(keeper))
                .toList();
    }

    /** How much is lost when a split loses a picture: train has the most, and test is what all is judged by. */
    private static int need(String split) {
        return Part.named(split)
                .map(part -> switch (part) {
                    case TRAIN -> 0;
                    case VALID -> 2;
                    case TEST -> 3;
                })
                .orElse(1);
    }

    /** The folder that names the file's split; empty when none does. */
    private static String split(VerifyReport report, String file) {
        return Stream.of(file.split("/"))
                .filter(report.balance()::containsKey)
                .findFirst()
                .orElse("");
    }

    /** Of copies of which one is a link only the links go: a file that links lead to stays. */
    private List<String> besideLinks(Finding finding, List<String> unwanted) {
        var links = finding.files().stream()
                .filter(file -> Links.on(root, file).isPresent())
                .toList();
        return links.isEmpty() || unwanted.isEmpty() || finding.files().size() == 1 ? unwanted : links;
    }

    private static List<String> unwanted(VerifyReport report, Finding finding, Set<String> moved) {
        return switch (finding.kind()) {
            case BROKEN, TINY, BLANK, CONFLICT -> finding.files();
            case LEAK ->
                leaked(
                        report,
                        finding.files().stream()
                                .filter(file -> !moved.contains(file))
                                .toList());
            case DUPLICATE, NEAR_DUPLICATE -> {
                var there = finding.files().stream()
                        .filter(file -> !moved.contains(file))
                        .toList();
                boolean oneSplit = there.stream()
                                .map(file -> split(report, file))
                                .distinct()
                                .count()
                        == 1;
                yield there.size() > 1 && oneSplit ? there.subList(1, there.size()) : List.of();
            }
            default -> List.of();
        };
    }

    /**
     * Gives files the ending of their format, and writes upright copies of turned photographs and whole
     * ones of truncated pictures (the missing part is grey) in the place of the originals, which go to
     * the trash. A truncated picture of which less than half of the rows are there stays as it is, and broken.
     */
    public List<Change> fix(VerifyReport report) {
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
                attempt(file, changes, () -> {
                    ImageType type = ImageHeader.read(root.resolve(file)).type();
                    return journal.rename(file, named(file, type.extensions().get(0)), finding.reason());
                });
            }
        }
        return changes;
    }

    private void rewrite(String file, String reason, List<Change> changes) {
        Decoded decoded;
        try {
            decoded = ImageReader.of().allowTruncated().decode(root.resolve(file));
        } catch (DataException beyond) {
            return; // nothing of it can be saved: it stays broken in the next report
        }
        if (reason.equals("truncated") && missing(decoded.image()) > 0.5) {
            return;
        }
        boolean jpeg = decoded.header().type() == ImageType.JPEG;
        byte[] bytes = jpeg ? ImageWriter.jpeg(decoded.image(), QUALITY) : ImageWriter.png(decoded.image());
        attempt(file, changes, () -> journal.replace(file, named(file, jpeg ? "jpg" : "png"), bytes, reason));
    }

    /** Which share of a truncated picture's rows is only grey; of its columns, when it was turned upright. */
    private static double missing(Image image) {
        int rows = 0;
        int columns = 0;
        for (int y = 0; y < image.height(); y++) {
            rows += isGrey(image, 0, y, image.width(), 1) ? 1 : 0;
        }
        for (int x = 0; x < image.width(); x++) {
            columns += isGrey(image, x, 0, 1, image.height()) ? 1 : 0;
        }
        return Math.max((double) rows / image.height(), (double) columns / image.width());
    }

    private static boolean isGrey(Image image, int left, int top, int width, int height) {
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                if (image.level(x, y, 0) != GREY || image.level(x, y, 1) != GREY || image.level(x, y, 2) != GREY) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The file's name with {@code ending}, unless it has an ending of that format already. */
    private static String named(String file, String ending) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (ImageType.ofFileName(name).equals(ImageType.ofFileName("x." + ending))) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        boolean twice = ImageType.ofFileName(stem).equals(ImageType.ofFileName("x." + ending)); // as in x.jpg.part
        return twice ? stem : stem + "." + ending;
    }
}
