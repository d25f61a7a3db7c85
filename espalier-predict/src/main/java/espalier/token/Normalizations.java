package espalier.token;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** What a {@code tokenizer.json} does with a text first: its {@code normalizer}. */
final class Normalizations {
    private Normalizations() {}

    /** @throws IllegalArgumentException for a kind that is not supported */
    static UnaryOperator<String> of(Config config) {
        return switch (config.type()) {
            case "Sequence" ->
                all(config.parts("normalizers").stream().map(Normalizations::of).toList());
            case "NFC" -> text -> Normalizer.normalize(text, Form.NFC);
            case "NFD" -> text -> Normalizer.normalize(text, Form.NFD);
            case "NFKC" -> text -> Normalizer.normalize(text, Form.NFKC);
            case "NFKD" -> text -> Normalizer.normalize(text, Form.NFKD);
            case "Lowercase" -> Normalizations::lower;
            case "Strip" -> strip(config.is("strip_left", true), config.is("strip_right", true));
            case "StripAccents" -> text -> withoutMarks(text);
            case "BertNormalizer" -> bert(config);
            case "Prepend" -> prepend(config.need("prepend"));
            case "Replace" -> replace(config);
            default -> throw config.unknown("normalizer");
        };
    }

    private static UnaryOperator<String> all(List<UnaryOperator<String>> steps) {
        return text -> {
            String now = text;
            for (var step : steps) {
                now = step.apply(now);
            }
            return now;
        };
    }

    private static UnaryOperator<String> prepend(String what) {
        return text -> text.isEmpty() ? text : what + text;
    }

    private static UnaryOperator<String> replace(Config config) {
        var pattern = Splits.pattern(config);
        String content = config.need("content");
        return text -> {
            var out = new StringBuilder();
            for (var piece : Splits.find(pattern, text)) {
                out.append(piece.matches() ? content : piece.text());
            }
            return out.toString();
        };
    }

    private static UnaryOperator<String> strip(boolean left, boolean right) {
        return text -> {
            String now = left ? text.stripLeading() : text;
            return right ? now.stripTrailing() : now;
        };
    }

    /** Each character alone, as Rust does: a final sigma is one like any other. */
    private static String lower(String text) {
        return each(text, c -> new String(Character.toChars(c)).toLowerCase(Locale.ROOT));
    }

    private static String withoutMarks(String text) {
        return each(text, c -> Character.getType(c) == Character.NON_SPACING_MARK ? "" : Character.toString(c));
    }

    private static UnaryOperator<String> bert(Config config) {
        boolean clean = config.is("clean_text", true);
        boolean chinese = config.is("handle_chinese_chars", true);
        boolean lower = config.is("lowercase", true);
        boolean accents = config.is("strip_accents", lower);
        return text -> {
            String now = clean ? each(text, Normalizations::cleaned) : text;
            now = chinese
                    ? each(now, c -> isChinese(c) ? " " + Character.toString(c) + " " : Character.toString(c))
                    : now;
            now = accents ? withoutMarks(Normalizer.normalize(now, Form.NFD)) : now;
            return lower ? lower(now) : now;
        };
    }

    private static String cleaned(int c) {
        if (CodePoints.isWhitespace(c)) {
            return " ";
        }
        int type = Character.getType(c);
        boolean other = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.UNASSIGNED
                || type == Character.PRIVATE_USE
                || type == Character.SURROGATE;
        return other || c == 0xFFFD ? "" : Character.toString(c);
    }

    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }

    private static String each(String text, IntFunction<String> change) {
        var out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(change.apply(c)));
        return out.toString();
    }
}
