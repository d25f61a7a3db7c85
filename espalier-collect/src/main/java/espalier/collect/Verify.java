package espalier.collect;

import espalier.collect.Finding.Kind;
import espalier.image.ImageReader;
import espalier.image.JpegIntegrity;
import espalier.report.DataException;
import espalier.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at every picture of a data set: decodes each in full, once, with all cores, and tells what is
 * broken or damaged, misnamed, tiny, blank, there twice (byte for byte or as an altered copy), under two labels or
 * in two splits; and which labels look alike, or are hardly or not at all there. Changes nothing: {@link Repair}
 * acts on the report.
 *
 * <pre>{@code
 * VerifyReport report = Verify.of(Path.of("data/bears")).run();
 * report.findings().forEach(System.out::println);
 * }</pre>
 *
 * <p>Labels and splits are those that training reads from the folders, see {@link espalier.data.FolderLayout}. Hidden folders are not
 * entered; links are followed, but for those that lead in a circle.
 *
 * @param directory the data set
 * @param minSize the shorter side in pixels below which a picture is tiny, 32
 * @param maxPixels the most pixels a picture may have, 50 million
 * @param lookAlikes whether altered copies are looked for, which takes time with the square of the pictures
 * @param deep whether JPEGs are also searched for damage that decoders paper over, see {@link JpegIntegrity}; takes
 *     about half as long again, so it is off
 * @param threads how many pictures are decoded at once
 * @param progress hears of the pictures decoded
 */
public record Verify(
        Path directory, int minSize, long maxPixels, boolean lookAlikes, boolean deep, int threads, Progress progress) {

    /** The verification of {@code directory} with the limits above. */
    public static Verify of(Path directory) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Verify(directory, 32, ImageReader.usualMaxPixels(), true, false, cores, Progress.NONE);
    }

    /** This verification with another limit below which a picture is tiny. */
    public Verify minSize(int pixels) {
        return new Verify(directory, pixels, maxPixels, lookAlikes, deep, threads, progress);
    }

    /** This verification with another limit of pixels. */
    public Verify maxPixels(long pixels) {
        return new Verify(directory, minSize, pixels, lookAlikes, deep, threads, progress);
    }

    /** This verification without looking for altered copies, only for files with the same bytes. */
    public Verify exactOnly() {
        return new Verify(directory, minSize, maxPixels, false, deep, threads, progress);
    }

    /** This verification, also searching JPEGs for damage that decoders paper over. */
    public Verify deeply() {
        return new Verify(directory, minSize, maxPixels, lookAlikes, true, threads, progress);
    }

    /** This verification with another number of threads. */
    public Verify threads(int count) {
        return new Verify(directory, minSize, maxPixels, lookAlikes, deep, count, progress);
    }

    /** This verification, telling {@code listener} of the pictures decoded. */
    public Verify progress(Progress listener) {
        return new Verify(directory, minSize, maxPixels, lookAlikes, deep, threads, listener);
    }

    /**
     * Looks at everything.
     *
     * @throws DataException when there is no such folder, or no picture in it
     */
    public VerifyReport run() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new DataException(directory + (Files.exists(directory) ? " is not a folder" : " does not exist")
                    + ". Maybe the path is relative to another folder than "
                    + Path.of("").toAbsolutePath() + ".");
        }
        var scan = PictureScan.of(directory);
        if (scan.pictures().isEmpty() && scan.findings().isEmpty()) {
            int others = scan.otherFiles();
            throw new DataException("There is no picture in " + directory
                    + (others == 0
                            ? ", and no other file"
                            : ", only " + others + " other file" + (others == 1 ? "" : "s"))
                    + ". Maybe the pictures are in another folder, or still in an archive.");
        }
        List<Inspection> inspections = Inspection.all(this, scan.pictures());
        var labels = Labels.of(directory, scan.pictures());
        var findings = new ArrayList<>(scan.findings());
        inspections.forEach(inspection -> findings.addAll(inspection.findings()));
        var good = inspections.stream().filter(Inspection::isReadable).toList();
        findings.addAll(Copies.of(good, labels, lookAlikes));
        var balance = balance(good, labels);
        findings.addAll(Labels.findings(balance));
        findings.addAll(MissingClasses.of(balance, inspections, scan.emptyFolders(), labels));
        findings.sort(Comparator.comparing(Finding::kind).thenComparing(finding -> String.join("\n", finding.files())));
        var formats = new TreeMap<String, Integer>();
        good.forEach(inspection -> formats.merge(inspection.format(), 1, Integer::sum));
        int pictures = inspections.size()
                + (int) scan.findings().stream()
                        .filter(f -> f.kind() == Kind.BROKEN)
                        .count();
        return new VerifyReport(directory.toString(), pictures, scan.otherFiles(), formats, balance, findings);
    }

    private static Map<String, Map<String, Integer>> balance(List<Inspection> good, Labels labels) {
        var balance = new TreeMap<String, Map<String, Integer>>();
        for (Inspection inspection : good) {
            balance.computeIfAbsent(labels.split(inspection.file()), key -> new TreeMap<>())
                    .merge(labels.label(inspection.file()), 1, Integer::sum);
        }
        return balance;
    }
}
