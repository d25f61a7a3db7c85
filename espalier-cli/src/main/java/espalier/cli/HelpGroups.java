package espalier.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help in groups: commands by what they are for, options by what they are about. */
final class HelpGroups {
    /** Every command stands in one of these; a test keeps it so. */
    static final Map<String, List<String>> COMMANDS = commands();

    private static final String OWN = "Options";

    /** A synopsis of more options than these says [OPTIONS]. */
    private static final int SYNOPSIS = 8;

    /** What options are about, by the class that declares them, in the order of the help; those of a command come first. */
    private static final Map<Class<?>, String> HEADINGS = headings();

    private HelpGroups() {}

    private static Map<String, List<String>> commands() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("Begin", List.of("quickstart", "example", "shell", "doctor", "help"));
        groups.put("Collect pictures and look at them", List.of("search", "fetch", "extract", "verify", "show"));
        groups.put("Train", List.of("augment", "lr-find", "train", "import"));
        groups.put("Judge a model and clean its data", List.of("evaluate", "interpret", "clean"));
        groups.put("Use a model", List.of("predict", "serve", "export", "package", "bench", "inspect"));
        groups.put("For the shell", List.of("completion", "man"));
        return groups;
    }

    /** The names of all commands, in alphabetical order. */
    static List<String> names() {
        return COMMANDS.values().stream().flatMap(List::stream).sorted().toList();
    }

    private static Map<Class<?>, String> headings() {
        Map<Class<?>, String> headings = new LinkedHashMap<>();
        headings.put(NetworkTextFlags.class, "Neural network");
        headings.put(RecipeFlags.class, "What is trained");
        headings.put(KitFlags.class, "How it is trained");
        headings.put(PictureFlags.class, "Pictures");
        headings.put(LabelledFlags.class, "Pictures");
        headings.put(TableFlags.class, "Table");
        headings.put(TextFlags.class, "Table");
        headings.put(TextColumnFlags.class, "Table");
        headings.put(OutputOptions.class, "Output");
        headings.put(NetworkFlags.class, "Network");
        return headings;
    }

    /** Sets the help of the program and of all its commands. */
    static void apply(CommandLine line) {
        abbreviate(line);
        var sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpGroups::options);
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpGroups::commandList);
        line.setHelpSectionMap(sections); // of the commands below, too
    }

    private static void abbreviate(CommandLine line) {
        var spec = line.getCommandSpec();
        spec.usageMessage().abbreviateSynopsis(spec.options().size() > SYNOPSIS);
        line.getSubcommands().values().forEach(HelpGroups::abbreviate);
    }

    private static String commandList(Help help) {
        var text = new StringBuilder();
        var all = help.subcommands();
        if (help.commandSpec().parent() != null) {
            return all.isEmpty() ? "" : "\nCommands:\n" + help.commandList(all);
        }
        COMMANDS.forEach((group, names) -> {
            Map<String, Help> some = new LinkedHashMap<>();
            names.forEach(name -> {
                if (all.containsKey(name)) {
                    some.put(name, all.get(name));
                }
            });
            text.append('\n').append(group).append(":\n").append(help.commandList(some));
        });
        return text.toString();
    }

    private static String options(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put(OWN, new ArrayList<>());
        HEADINGS.values().forEach(heading -> groups.put(heading, new ArrayList<>()));
        help.commandSpec().options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> groups.computeIfAbsent(heading(option), unused -> new ArrayList<>())
                        .add(option));
        groups.values().removeIf(List::isEmpty);
        var text = new StringBuilder();
        groups.forEach((heading, options) ->
                text.append('\n').append(heading).append(":\n").append(help.optionListExcludingGroups(options)));
        return text.toString();
    }

    /** By the class that declares an option. */
    private static String heading(OptionSpec option) {
        return option.userObject() instanceof Field field ? HEADINGS.getOrDefault(field.getDeclaringClass(), OWN) : OWN;
    }
}
