package espalier.data;

import espalier.report.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the text of a table is encoded, found out by one look at all its bytes.
 *
 * @param file the file
 * @param encoding the encoding
 * @param mark the bytes of its byte-order mark
 * @param warnings what the user may want to know
 */
record TableText(Path file, Charset encoding, int mark, List<String> warnings) {
    private static final int START = 1 << 16;
    private static final Charset WESTERN = Charset.forName("windows-1252");
    private static final Pattern SAID = Pattern.compile("(?i)sep=([,;|\\t])(?:\r\n|\r|\n)");

    /** @throws DataException when it is no text */
    static TableText of(Path file, Optional<Charset> said) throws IOException {
        if (Files.isDirectory(file)) {
            throw new DataException("cannot read " + file + ": it is a folder. Maybe a table in it is meant.");
        }
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(4);
            byte[] head = in.readNBytes(4);
            in.reset();
            var marked = marked(file, head).or(() -> unmarked(file, head));
            if (marked.isPresent() || said.isPresent()) {
                int mark = marked.filter(one -> said.isEmpty() || one.encoding.equals(said.get()))
                        .map(TableText::mark)
                        .orElse(0);
                return new TableText(
                        file,
                        said.orElseGet(() -> marked.orElseThrow().encoding),
                        mark,
                        said.isPresent() ? List.of() : marked.orElseThrow().warnings);
            }
            if (head.length == 4 && head[0] == 'P' && head[1] == 'K' && head[2] < 9) {
                throw new DataException(
                        file + " is a spreadsheet or an archive, no table in text. Maybe save it as CSV.");
            }
            long bad = new Look(file).firstBadLine(in);
            return bad == 0
                    ? new TableText(file, StandardCharsets.UTF_8, 0, List.of())
                    : new TableText(
                            file,
                            WESTERN,
                            0,
                            List.of(
                                    file + " is no UTF-8 (line " + bad
                                            + "), so it was read as Latin-1 (windows-1252). Maybe save it as UTF-8 if letters look wrong"));
        }
    }

    private static Optional<TableText> marked(Path file, byte[] head) {
        if (head.length == 4 && head[0] == (byte) 0xFF && head[1] == (byte) 0xFE && head[2] == 0 && head[3] == 0) {
            return Optional.of(new TableText(file, Charset.forName("UTF-32LE"), 4, List.of()));
        }
        int first = head.length < 2 ? 0 : ((head[0] & 255) << 8) | (head[1] & 255);
        if (first == 0xEFBB && head.length > 2 && (head[2] & 255) == 0xBF) {
            return Optional.of(new TableText(file, StandardCharsets.UTF_8, 3, List.of()));
        } else if (first == 0xFFFE) {
            return Optional.of(new TableText(file, StandardCharsets.UTF_16LE, 2, List.of()));
        } else if (first == 0xFEFF) {
            return Optional.of(new TableText(file, StandardCharsets.UTF_16BE, 2, List.of()));
        }
        return Optional.empty();
    }

    /** UTF-16 that tells itself by its zeros alone. */
    private static Optional<TableText> unmarked(Path file, byte[] head) {
        boolean four = head.length == 4;
        boolean little = four && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0;
        boolean big = four && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0;
        return little || big
                ? Optional.of(new TableText(
                        file,
                        little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE,
                        0,
                        List.of(file + " was read as UTF-16, by its zeros, since it has no byte-order mark")))
                : Optional.empty();
    }

    /** The character that a first line {@code sep=;} names, as Excel writes and reads it. */
    Optional<Character> said() throws IOException {
        var line = SAID.matcher(start());
        return line.lookingAt() ? Optional.of(line.group(1).charAt(0)) : Optional.empty();
    }

    /** The text behind a first line that names the delimiter. */
    TableText behindSaid() throws IOException {
        var line = SAID.matcher(start());
        int length = line.lookingAt() ? line.group().getBytes(encoding).length : 0;
        return new TableText(file, encoding, mark + length, warnings);
    }

    Reader reader() throws IOException {
        return JsonLines.isOne(file) ? JsonLines.of(file, this::characters) : characters();
    }

    private Reader characters() throws IOException {
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(mark);
        return new InputStreamReader(in, encoding);
    }

    /** The first characters, up to the end of a line where there is one. */
    String start() throws IOException {
        char[] chars = new char[START];
        int length = 0;
        try (var reader = reader()) {
            for (int read = 0; read >= 0 && length < START; length += Math.max(0, read)) {
                read = reader.read(chars, length, START - length);
            }
        }
        String start = new String(chars, 0, length);
        int end = Math.max(start.lastIndexOf('\n'), start.lastIndexOf('\r'));
        return length < START || end < 0 ? start : start.substring(0, end);
    }

    /** One pass over bytes that should be UTF-8. */
    private static final class Look {
        private final Path file;
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        private final ByteBuffer bytes = ByteBuffer.allocate(START);
        private final CharBuffer chars = CharBuffer.allocate(START);
        private long line = 1;

        Look(Path file) {
            this.file = file;
        }

        /** The first line with a byte that is no UTF-8; 0 when there is none. */
        long firstBadLine(InputStream in) throws IOException {
            for (int read = 0; read >= 0; ) {
                read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                bytes.position(bytes.position() + Math.max(0, read)).flip();
                var result = decoder.decode(bytes, chars, read < 0);
                count();
                if (result.isError()) {
                    return line;
                }
                bytes.compact();
            }
            return 0;
        }

        private void count() {
            chars.flip();
            for (int i = 0; i < chars.length(); i++) {
                char c = chars.get(i);
                if (c == '\n') {
                    line++;
                } else if (c == 0) {
                    throw new DataException(
                            file + " is no text: line " + line + " has a byte 0."
                                    + " Maybe it is UTF-16 without a byte-order mark, or another kind of file: save it as CSV in UTF-8.");
                }
            }
            chars.clear();
        }
    }
}
