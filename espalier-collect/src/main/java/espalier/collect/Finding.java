package espalier.collect;

import java.util.List;

/**
 * Something about a data set that its owner should know.
 *
 * @param kind what it is
 * @param files the files it is about, relative to the data set with {@code /} between; for labels, their names
 * @param reason what was seen, a short phrase
 * @param similarity of near duplicates, up to 1; 1 for the same bytes; 0 where nothing is compared
 */
public record Finding(Kind kind, List<String> files, String reason, double similarity) {
    /** What a finding is about, the gravest first. */
    public enum Kind {
        /** A file that cannot be read as a picture, so that training would leave it out; or one that is damaged. */
        BROKEN,
        /** The same picture in two splits: validation would be too good. */
        LEAK,
        /** The same picture under two labels: one of them is wrong. */
        CONFLICT,
        /** Files with the same bytes. */
        DUPLICATE,
        /** Pictures that show the same photograph. */
        NEAR_DUPLICATE,
        /** A name whose ending is that of another format. */
        WRONG_EXTENSION,
        /** A picture too small to learn from. */
        TINY,
        /** A picture of one colour. */
        BLANK,
        /** Labels that differ only in case, accents' encoding or separators. */
        LABELS_ALIKE,
        /** A class without a readable picture: an empty folder, or one that a split lacks. */
        MISSING_CLASS,
        /** Classes of very different size, or nearly empty ones. */
        IMBALANCE,
        /** Readable, but odd: an animation, a turned photograph. */
        REMARK;

        /** Whether training on the data as they are would go wrong, rather than merely less well. */
        public boolean isGrave() {
            return compareTo(CONFLICT) <= 0;
        }

        /** The name as people write it, such as {@code "near duplicate"}. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    public Finding {
        files = List.copyOf(files);
    }

    static Finding of(Kind kind, List<String> files, String reason) {
        return new Finding(kind, files, reason, 0);
    }

    static Finding of(Kind kind, String file, String reason) {
        return new Finding(kind, List.of(file), reason, 0);
    }

    @Override
    public String toString() {
        return kind.label() + ": " + String.join(", ", files) + ": " + reason;
    }
}
