package espalier.text;

import espalier.report.DataException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Words that mean about the same, in any language.
 *
 * <p>A file has a group of words on each line, with semicolons, commas or tabs between, as OpenThesaurus has; a line that begins
 * with {@code #} is a remark:
 *
 * <pre>
 * # English
 * happy; glad; cheerful
 * car, automobile, motor car
 * </pre>
 */
public final class Synonyms {
    private static final String BETWEEN = "[;,\\t]";

    private final Map<String, Set<String>> byWord;

    private Synonyms(Map<String, Set<String>> byWord) {
        this.byWord = byWord;
    }

    /** No word has any. */
    public static Synonyms none() {
        return new Synonyms(Map.of());
    }

    /** Groups of words. */
    public static Synonyms of(List<List<String>> groups) {
        Map<String, Set<String>> byWord = new LinkedHashMap<>();
        for (var group : groups) {
            for (String word : group) {
                var others = byWord.computeIfAbsent(word.toLowerCase(Locale.ROOT), one -> new LinkedHashSet<>());
                group.stream().filter(other -> !other.equalsIgnoreCase(word)).forEach(others::add);
            }
        }
        return new Synonyms(byWord);
    }

    /** Reads a file in UTF-8. @throws DataException when it cannot be read, or holds no group */
    public static Synonyms load(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            var groups = lines.filter(line -> !line.startsWith("#"))
                    .map(line -> Stream.of(line.split(BETWEEN))
                            .map(String::strip)
                            .filter(word -> !word.isEmpty())
                            .toList())
                    .filter(group -> group.size() > 1)
                    .toList();
            if (groups.isEmpty()) {
                throw new DataException(file + " has no line with two words. Maybe put words that mean the same on one"
                        + " line, with semicolons between.");
            }
            return of(groups);
        } catch (NoSuchFileException missing) {
            throw DataException.unreadable(
                    file.toString(), "there is no such file", "Maybe the name is misspelt.", missing);
        } catch (java.io.UncheckedIOException unreadable) {
            boolean encoding = unreadable.getCause() instanceof CharacterCodingException;
            throw DataException.unreadable(
                    file.toString(),
                    encoding ? "it is not UTF-8" : String.valueOf(unreadable.getMessage()),
                    "Maybe it is in another encoding.",
                    unreadable);
        } catch (IOException failure) {
            throw DataException.unreadable(
                    file.toString(), String.valueOf(failure.getMessage()), "Maybe it is a folder.", failure);
        }
    }

    /** The words that mean about the same as {@code word}, in any case, in the file's order; often none. */
    public List<String> of(String word) {
        return List.copyOf(byWord.getOrDefault(word.toLowerCase(Locale.ROOT), Set.of()));
    }

    /** Whether no word has any. */
    public boolean isEmpty() {
        return byWord.isEmpty();
    }
}
