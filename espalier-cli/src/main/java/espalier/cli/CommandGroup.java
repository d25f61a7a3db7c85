package espalier.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds others, such as {@code espalier train}: by itself it says which. */
abstract class CommandGroup implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean help;

    @Override
    public void run() {
        String all = spec.subcommands().keySet().stream()
                .map(name -> spec.name() + " " + name)
                .collect(Collectors.joining(", "));
        throw new ParameterException(spec.commandLine(), "which one? " + all + ".");
    }
}
