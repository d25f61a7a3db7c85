package espalier.collect;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import espalier.files.AtomicFiles;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reads and writes the package's reports. Cells come from strangers and end in spreadsheets. */
final class Csv {
    private Csv() {}

    static void write(Path file, List<String> header, Iterable<List<String>> rows) throws IOException {
        AtomicFiles.write(file, out -> {
            var csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            csv.writeRecord(header);
            for (var row : rows) {
                csv.writeRecord(row.stream().map(Csv::harmless).toList());
            }
            csv.flush();
        });
    }

    /** The rows of {@code file} by column name; none when it does not exist. */
    static List<Map<String, String>> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (CsvReader<NamedCsvRecord> csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            return csv.stream().map(NamedCsvRecord::getFieldsAsMap).toList();
        } catch (RuntimeException broken) {
            throw new IOException("cannot read " + file + ": " + broken.getMessage(), broken);
        }
    }

    /** A cell that no spreadsheet takes for a formula, without control characters. */
    static String harmless(String cell) {
        String clean = cell.replaceAll("\\p{Cntrl}+", " ");
        return !clean.isEmpty() && "=+-@".indexOf(clean.charAt(0)) >= 0 ? "'" + clean : clean;
    }
}
