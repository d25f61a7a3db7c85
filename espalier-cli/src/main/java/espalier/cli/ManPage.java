package espalier.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page, in the language of {@code man}, made from the commands themselves. */
final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** The page of a command and of all below it. */
    static String of(CommandLine line) {
        var man = new ManPage();
        var spec = line.getCommandSpec();
        man.line(".TH ESPALIER 1 \"\" \"Espalier\" \"User Commands\"");
        man.section("NAME");
        man.text("espalier - " + first(spec));
        man.section("SYNOPSIS");
        man.text("espalier COMMAND [OPTION]... [ARGUMENT]...");
        man.section("DESCRIPTION");
        man.text(String.join(" ", description(spec)));
        man.section("COMMANDS");
        HelpGroups.COMMANDS.forEach((group, names) -> {
            man.line(".SS " + quoted(group));
            names.forEach(name -> man.term(name, List.of(first(spec(line, name)))));
        });
        HelpGroups.COMMANDS.values().forEach(names -> names.forEach(name -> man.command(spec(line, name))));
        man.section("EXIT STATUS");
        man.text(
                "0 done, 2 wrong command line, 65 bad data, 66 missing input, 69 no network, 70 a fault of Espalier's, 73"
                        + " cannot write, 74 other input or output, 130 interrupted.");
        return man.page.toString();
    }

    private static CommandSpec spec(CommandLine line, String name) {
        return Objects.requireNonNull(line.getSubcommands().get(name), name).getCommandSpec();
    }

    private void command(CommandSpec spec) {
        section(spec.qualifiedName().toUpperCase(java.util.Locale.ROOT));
        description(spec).forEach(this::paragraph);
        spec.positionalParameters().stream()
                .filter(one -> !one.hidden())
                .forEach(one -> term(label(one), Arrays.asList(one.description())));
        spec.options().stream()
                .filter(one -> !one.hidden() && !one.usageHelp())
                .forEach(one -> term(label(one), Arrays.asList(one.description())));
        var footer = new ArrayList<>(Arrays.asList(spec.usageMessage().footer()));
        footer.removeIf(String::isEmpty);
        if (!footer.isEmpty()) {
            line(".PP");
            line(".nf");
            footer.forEach(this::text);
            line(".fi");
        }
        spec.subcommands().values().forEach(below -> command(below.getCommandSpec()));
    }

    private static String label(PositionalParamSpec parameter) {
        return parameter.paramLabel();
    }

    private static String label(OptionSpec option) {
        String names = String.join(", ", option.names());
        return option.typeInfo().isBoolean() ? names : names + "=" + option.paramLabel();
    }

    private static String first(CommandSpec spec) {
        return description(spec).get(0);
    }

    private static List<String> description(CommandSpec spec) {
        return Arrays.asList(spec.usageMessage().description());
    }

    private void section(String name) {
        line(".SH " + quoted(name));
    }

    private void paragraph(String text) {
        line(".PP");
        text(text);
    }

    private void term(String name, List<String> description) {
        line(".TP");
        line("\\fB" + escaped(name) + "\\fR");
        text(String.join(" ", description));
    }

    private void text(String text) {
        line(escaped(text));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /** A line that begins with a dot or a quote would be taken for a request. */
    private static String escaped(String text) {
        String plain = text.replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }

    private static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }
}
