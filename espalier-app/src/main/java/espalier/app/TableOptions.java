package espalier.app;

import espalier.data.Source;
import espalier.data.TableSource;
import espalier.format.RunOptions;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a table is read, by the names of the command line; only what was said. */
public final class TableOptions {
    private static final String DELIMITER = "--csv-delimiter";
    private static final String ENCODING = "--csv-encoding";
    private static final String FILE = "--file-column";
    private static final String LABEL = "--label-column";
    private static final String TARGET = "--target";
    private static final String PART = "--part-column";
    private static final String GROUP = "--group-column";
    private static final String BETWEEN = "--label-delimiter";
    private static final String SUFFIX = "--suffix";

    private TableOptions() {}

    static Map<String, String> of(TableSource source) {
        Map<String, String> options = new LinkedHashMap<>();
        var columns = source.columns();
        source.table().delimiter().ifPresent(one -> options.put(DELIMITER, String.valueOf(one)));
        source.table().encoding().ifPresent(one -> options.put(ENCODING, one.name()));
        columns.file().ifPresent(one -> options.put(FILE, one));
        if (!columns.labels().isEmpty()) {
            options.put(source.quantities().isEmpty() ? LABEL : TARGET, String.join(",", columns.labels()));
        }
        columns.part().ifPresent(one -> options.put(PART, one));
        columns.group().ifPresent(one -> options.put(GROUP, one));
        source.labelDelimiter().ifPresent(one -> options.put(BETWEEN, one));
        source.suffix().ifPresent(one -> options.put(SUFFIX, one));
        return options;
    }

    /** A table read as the one that a model was trained by, where nothing else is said. */
    public static TableSource like(RunOptions made, TableSource said, boolean tags) {
        if (!said.quantities().isEmpty()) {
            return said;
        }
        var plain = said.tags(tags);
        if (!plain.equals(Source.table(said.table().file()).tags(tags))) {
            return plain;
        }
        var table = made.value(ENCODING, Charset::forName)
                .map(said.table()::encoding)
                .orElse(said.table());
        var source = TableSource.of(made.value(DELIMITER, text -> text.charAt(0))
                        .map(table::delimiter)
                        .orElse(table))
                .tags(tags);
        source = made.value(FILE, text -> text).map(source::file).orElse(source);
        source = made.value(LABEL, text -> text.split(",")).map(source::labels).orElse(source);
        source = made.value(PART, text -> text).map(source::part).orElse(source);
        source = made.value(GROUP, text -> text).map(source::group).orElse(source);
        source = made.value(SUFFIX, text -> text).map(source::suffix).orElse(source);
        return labels(made, source, tags);
    }

    /** The same table with its labels taken apart as they were for a model, where nothing else is said. */
    static TableSource labels(RunOptions made, TableSource said, boolean tags) {
        var quantities = made.value(TARGET, text -> text.split(","));
        if (quantities.isPresent()) {
            return said.numbers(quantities.get());
        }
        return tags && said.labelDelimiter().isEmpty()
                ? made.value(BETWEEN, text -> text).map(said::tags).orElse(said.tags(true))
                : said.tags(tags);
    }
}
