package espalier.cli;

import espalier.report.PlainText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the user's words. */
final class UsageMessage {
    /** The values of an enum, which the help shows in lower case. */
    private static final Pattern CHOICES = Pattern.compile("expected one of \\[[A-Z0-9_, ]+]");

    private UsageMessage() {}

    static String of(ParameterException wrong) {
        String text = String.valueOf(wrong.getMessage())
                .replace("is not an int", "is not a whole number")
                .replace("is not a long", "is not a whole number")
                .replace("is not a double", "is not a number")
                .replace(" (case-insensitive)", "");
        text = CHOICES.matcher(text).replaceAll(list -> list.group().toLowerCase(Locale.ROOT));
        return PlainText.lines(ended(text)) + suggestion(wrong);
    }

    private static String ended(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    private static String suggestion(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> likely = unmatched.getSuggestions();
        return likely.isEmpty()
                ? ""
                : " Maybe " + likely.stream().limit(3).map(UsageMessage::word).collect(Collectors.joining(" or "))
                        + ".";
    }

    /** Options are suggested with their values' names: {@code --out=FILE}. */
    private static String word(String suggestion) {
        return suggestion.replaceFirst("[= ].*", "");
    }
}
