package espalier.app;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import espalier.files.AtomicFiles;
import espalier.files.Destination;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.rng.Rng;
import espalier.text.EasyAugmentation;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Set;

/**
 * The job of {@code espalier augment text}: a table with changed copies of its texts, each row followed by its own. It goes
 * row by row, so the table may be of any length.
 *
 * <p>Augment what is trained on alone: copies of a text in the test make a model look better than it is.
 *
 * @param data the table and its column of texts
 * @param out the table to write, in UTF-8, with the delimiter of the other
 * @param augmentation what copies are
 * @param perRow the most copies of a text, 4
 * @param seed of what is drawn by chance, 42
 */
public record AugmentText(TextTable data, Path out, EasyAugmentation augmentation, int perRow, long seed) {
    private static final int TOLD = 1_000;

    public AugmentText {
        if (perRow < 1) {
            throw new IllegalArgumentException(
                    "at least one copy of each text is needed, but got " + perRow + ". Maybe 4.");
        }
    }

    /** Four copies of each text. */
    public static AugmentText of(TextTable data, Path out, EasyAugmentation augmentation) {
        return new AugmentText(data, out, augmentation, 4, TrainImage.STANDARD_SEED);
    }

    /**
     * What came of it.
     *
     * @param rows the rows of the table
     * @param copies the rows that were added
     */
    public record Result(long rows, long copies) {}

    /**
     * Writes the table.
     *
     * @throws UncheckedIOException when {@link #out} cannot be written
     * @throws DataException when the table cannot be read, or has no such column
     */
    public Result run(Progress progress) {
        long[] counts = new long[2];
        try {
            Destination.fileBeside(out, data.table().file(), Set.of());
            try (var rows = data.table().open()) {
                int text = data.text(rows);
                AtomicFiles.write(out, file -> {
                    var csv = CsvWriter.builder()
                            .fieldSeparator(rows.delimiter())
                            .lineDelimiter(LineDelimiter.LF)
                            .build(new OutputStreamWriter(file, StandardCharsets.UTF_8));
                    if (rows.hasHeader()) {
                        csv.writeRecord(rows.columns());
                    }
                    for (var row : rows) {
                        csv.writeRecord(row.cells());
                        for (String copy : augmentation.augment(
                                row.cell(text), perRow, Rng.of(seed).derive(counts[0]))) {
                            var cells = new ArrayList<>(row.cells());
                            cells.set(text, copy);
                            csv.writeRecord(cells);
                            counts[1]++;
                        }
                        if (++counts[0] % TOLD == 0) {
                            progress.update(counts[0], -1, "");
                        }
                    }
                    csv.flush();
                });
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable.getMessage(), unwritable);
        }
        return new Result(counts[0], counts[1]);
    }
}
