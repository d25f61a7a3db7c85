package espalier.cli;

import espalier.report.PlainText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
        return PlainText.line(ended(text)) + suggestion(wrong);
    }

    private static String ended(String text) {
        return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    private static String suggestion(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        String group = unmatched.getCommandLine().getCommandSpec().qualifiedName(" ");
        boolean noKind = List.of("espalier train", "espalier lr-find").contains(group);
        var folder = unmatched.getUnmatched().stream().findFirst().map(Path::of).filter(Files::isDirectory);
        if (noKind && folder.isPresent()) {
            String command = unmatched.getCommandLine().getCommandName();
            return " Maybe: " + Console.command(command, "image", folder.get()) + ".";
        }
        int length = unmatched.getUnmatched().get(0).length();
        var likely = unmatched.getSuggestions().stream()
                .map(UsageMessage::word)
                .sorted(Comparator.comparing(word -> Math.abs(word.length() - length) > 1)) // "trian" is no "man"
                .toList();
        return likely.isEmpty() ? "" : " Maybe " + likely.stream().limit(3).collect(Collectors.joining(" or ")) + ".";
    }

    /** Options are suggested with their values' names: {@code --out=FILE}. */
    private static String word(String suggestion) {
        return suggestion.replaceFirst("[= ].*", "");
    }
}
