package espalier.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class OutputOptions {
    @Option(names = "--json", description = "Print one JSON document on standard output, all else on standard error.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print results and errors only.")
    boolean quiet;

    @Option(names = "--verbose", description = "Print the stack trace of a failure.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
