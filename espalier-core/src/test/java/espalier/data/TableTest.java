package espalier.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of tables as people really save them. */
class TableTest {
    @TempDir
    private Path folder;

    private Path write(String text) throws IOException {
        return write(text, UTF_8);
    }

    private Path write(String text, Charset encoding) throws IOException {
        return Files.write(folder.resolve("t.csv"), text.getBytes(encoding));
    }

    private static List<List<String>> cells(Table table) {
        try (var rows = table.open()) {
            return rows.stream().map(Table.Row::cells).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void delimiter_isRecognised(String between) throws IOException {
        Path file = write(String.join("\n", "file;label;note", "a.jpg;dog;\"x;y\"", "b.jpg;cat;", "")
                .replace(";", between));
        assertThat(cells(Table.of(file)))
                .containsExactly(List.of("a.jpg", "dog", "x" + between + "y"), List.of("b.jpg", "cat", ""));
    }

    @Test
    void delimiter_isNotTheOneBetweenTagsOrBeforeDecimals() throws IOException {
        assertThat(cells(Table.of(write("file,tags\na.jpg,x|y|z\nb.jpg,x;y\n"))))
                .contains(List.of("a.jpg", "x|y|z"));
        assertThat(cells(Table.of(write("file;share\na.jpg;0,5\nb.jpg;0,7\n")))).contains(List.of("a.jpg", "0,5"));
        assertThat(cells(Table.of(write("a b;c d\n1,5;2\n")).delimiter(','))).containsExactly(List.of("1", "5;2"));
    }

    @Test
    void header_isTakenForOneUnlessItHasNumbers() throws IOException {
        try (var rows = Table.of(write("id,text\n7,x\n8,y\n")).open()) {
            assertThat(rows.columns()).containsExactly("id", "text");
            assertThat(rows.stream()).hasSize(2);
        }
        try (var rows = Table.of(write("4,146,\"a, b\"\n0,147,c\n")).open()) {
            assertThat(rows.hasHeader()).isFalse();
            assertThat(rows.columns()).containsExactly("0", "1", "2");
            assertThat(rows.stream().map(row -> row.cell(2))).containsExactly("a, b", "c");
        }
        assertThat(cells(Table.of(write("x,y\nz,w\n")).header(false))).hasSize(2);
        assertThat(cells(Table.of(write("2019,2020\n1,2\n")).header(true))).hasSize(1);
    }

    @Test
    void columns_areFoundByNameInAnyCaseOrByNumber() throws IOException {
        try (var rows = Table.of(write(" Image ,label,label,1\n")).open()) {
            assertThat(rows.column("Image")).isZero();
            assertThat(rows.column("image")).isZero();
            assertThat(rows.column("0")).isZero();
            assertThat(rows.column("2")).isEqualTo(2);
            assertThat(rows.column("1")).as("a name before a number").isEqualTo(3);
            assertThatThrownBy(() -> rows.column("label"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("t.csv", "1 and 2", "label", "Maybe");
            assertThatThrownBy(() -> rows.column("4"))
                    .hasMessageContainingAll("t.csv", "no column 4", "0 Image, 1 label", "Maybe");
        }
    }

    @Test
    void C01_encodings_areReadOrNamed() throws IOException {
        String text = "datei;klasse\n0.jpg;Bär\n";
        for (Path file : List.of(write(text), write("\uFEFF" + text), write(text, UTF_16))) {
            try (var rows = Table.of(file).open()) {
                assertThat(rows.column("datei")).isZero();
                assertThat(rows.stream().map(row -> row.cell(1))).containsExactly("Bär");
                assertThat(rows.warnings()).isEmpty();
            }
        }
        assertThat(cells(Table.of(write("\uFEFF" + text, UTF_16)))).hasSize(1);
        assertThat(cells(Table.of(write("\uFEFF" + text, Charset.forName("UTF-32LE")))))
                .containsExactly(List.of("0.jpg", "Bär"));
        for (var unmarked : List.of(UTF_16LE, UTF_16BE)) {
            try (var rows = Table.of(write(text, unmarked)).open()) {
                assertThat(rows.stream().map(row -> row.cell(1))).containsExactly("Bär");
                assertThat(rows.warnings()).singleElement().asString().contains("UTF-16", "no byte-order mark");
            }
        }
        try (var rows = Table.of(write(text, ISO_8859_1)).open()) {
            assertThat(rows.stream().map(row -> row.cell(1))).containsExactly("Bär");
            assertThat(rows.warnings()).singleElement().asString().contains("t.csv", "line 2", "Latin-1", "Maybe");
        }
        assertThat(cells(Table.of(write(text, Charset.forName("IBM437"))).encoding(Charset.forName("IBM437"))))
                .containsExactly(List.of("0.jpg", "Bär"));
    }

    @Test
    void C02_quotes_keepDelimitersAndLineEnds() throws IOException {
        for (String end : List.of("\n", "\r\n", "\r")) {
            assertThat(cells(Table.of(
                            write("a,b" + end + "\"x,\ny\", \"say \"\"no\"\"\"" + end + end + "z,w\"v" + end))))
                    .containsExactly(List.of("x,\ny", "say \"no\""), List.of("z", "w\"v"));
        }
        Path open = write("a,b\n1,2\n3,\"4\n5,6\n");
        assertThatThrownBy(() -> cells(Table.of(open)))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("t.csv", "after row 1", "Maybe a quotation mark");
    }

    @Test
    void C03_whatIsNoText_isRefused() throws IOException {
        Path zero = write("a,b\n1,\0\n");
        assertThatThrownBy(() -> Table.of(zero).open()).hasMessageContainingAll("t.csv", "line 2", "byte 0", "Maybe");
        Path spreadsheet = write("PK\3\4 and so on");
        assertThatThrownBy(() -> Table.of(spreadsheet).open()).hasMessageContainingAll("spreadsheet", "save it as CSV");
        assertThatThrownBy(() -> Table.of(folder).open()).hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> Table.of(folder.resolve("none.csv")).open())
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("none.csv", "no such file", "Maybe");
        Path empty = write("\n\n");
        assertThatThrownBy(() -> Table.of(empty).open()).hasMessageContaining("is empty");
    }

    @Test
    void C04_longRowsAreFaulty_andShortOnesEndEarly() throws IOException {
        try (var rows = Table.of(write("a,b\n1\n1,2,3\n1,2, ,\n")).open()) {
            var all = rows.stream().toList();
            assertThat(all.get(0).has(1)).isFalse();
            assertThat(all.get(0).cell(1)).isEmpty();
            assertThat(all.get(0).fault()).isEmpty();
            assertThat(all.get(1).fault())
                    .hasValueSatisfying(fault -> assertThat(fault).contains("3 cells", "has 2"));
            assertThat(all.get(1).number()).isEqualTo(2);
            assertThat(all.get(1).line()).isEqualTo(3);
            assertThat(all.get(2).fault())
                    .as("delimiters that a spreadsheet leaves behind")
                    .isEmpty();
        }
    }

    @Test
    void C08_rowsAreAStream() throws IOException {
        Path file = folder.resolve("long.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("file,label\n");
            for (int i = 0; i < 300_000; i++) {
                out.write(i + ".jpg,dog\n");
            }
        }
        try (var rows = Table.of(file).open()) {
            assertThat(rows.sample()).hasSizeLessThan(300);
            long count = 0;
            for (var row : rows) {
                count++;
                assertThat(row.cells()).hasSize(2);
            }
            assertThat(count).isEqualTo(300_000);
        }
    }

    @Test
    void C02_quotesThatEndWithinACell_areToldOfWithTheirLine() throws IOException {
        assertThatThrownBy(() -> cells(Table.of(write("a,b\n\"never closed,1\n\"x \"\"y\"\"\",2\n"))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("Maybe a quotation mark is not closed");
        assertThatThrownBy(() -> cells(Table.of(write("\"a\"b,c\n")))).isInstanceOf(DataException.class);
    }

    @Test
    void jsonLines_areATableToo() throws IOException {
        Path file = Files.writeString(
                folder.resolve("texts.jsonl"),
                "{\"id\": 1, \"text\": \"I \\\"love\\\", it\\nyes\", \"tags\": [\"a\", \"b\"]}\n\n"
                        + "{\"text\": \"=1+1 \\ud83d\\ude0d\", \"stars\": 4.5, \"id\": null}\n");
        try (var rows = Table.of(file).open()) {
            assertThat(rows.columns()).containsExactly("id", "text", "tags", "stars");
            var all = rows.stream().toList();
            assertThat(all.get(0).cells()).containsExactly("1", "I \"love\", it\nyes", "a b", "");
            assertThat(all.get(1).cells()).containsExactly("", "=1+1 \uD83D\uDE0D", "", "4.5");
            assertThat(all.get(1).line()).isEqualTo(2);
            assertThat(rows.delimiter()).isEqualTo(',');
        }
        for (String wrong : List.of("[1, 2]\n", "{\"a\": 1}\n{\"a\": \n", "text,label\n")) {
            Path other = Files.writeString(folder.resolve("wrong.ndjson"), wrong);
            assertThatThrownBy(() -> {
                        try (var rows = Table.of(other).open()) {
                            rows.stream().toList();
                        }
                    })
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("wrong.ndjson", "is no JSON object", "Maybe");
        }
    }
}
