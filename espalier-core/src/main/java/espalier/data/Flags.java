package espalier.data;

import java.util.Locale;
import java.util.Optional;

/** Cells that say yes or no, in the ways that people and programs write them. */
final class Flags {
    private Flags() {}

    /** Whether a cell says yes; empty when it says neither. Minus one is a no: some tables have it in place of 0. */
    static Optional<Boolean> of(String cell) {
        String text = cell.strip().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "true", "yes", "y", "t", "x" -> Optional.of(true);
            case "false", "no", "n", "f", "", "nan", "na", "n/a", "null", "none" -> Optional.of(false);
            default -> number(text);
        };
    }

    private static Optional<Boolean> number(String text) {
        if (!Table.isNumber(text)) {
            return Optional.empty();
        }
        double value = Double.parseDouble(text.replace(',', '.'));
        return value == 1 ? Optional.of(true) : value == 0 || value == -1 ? Optional.of(false) : Optional.empty();
    }
}
