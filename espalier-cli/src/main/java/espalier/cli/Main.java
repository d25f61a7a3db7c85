package espalier.cli;

import espalier.report.PlainText;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The {@code espalier} command. */
@Command(
        name = "espalier",
        description = "Deep learning for the JVM: from a folder of pictures to a model and its predictions.",
        versionProvider = Version.class,
        footer = {"", "Example:", "  espalier quickstart", "", "Help on a command: espalier help COMMAND"})
public final class Main extends CommandGroup {
    /** Every command, in the order of the help. A new command is one class and one line here. */
    private static List<Object> commands() {
        return List.of(
                new AugmentCommand(),
                new BenchCommand(),
                new CleanCommand(),
                new CompletionCommand(),
                new DoctorCommand(),
                new EvaluateCommand(),
                new ExampleCommand(),
                new ExportCommand(),
                new ExtractCommand(),
                new FetchCommand(),
                new HelpCommand(),
                new ImportCommand(),
                new InspectCommand(),
                new InterpretCommand(),
                new LrFindCommand(),
                new ManCommand(),
                new PackageCommand(),
                new PredictCommand(),
                new Quickstart(),
                new SearchCommand(),
                new ServeCommand(),
                new ShowCommand(),
                new Train(),
                new VerifyCommand());
    }

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean version;

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /** Runs the command line and gives its exit code; see {@link ExitCodes}. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        var line = commandLine().setOut(writer(out)).setErr(writer(err));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError full) { // errors are not handed to the handler of exceptions
            line.getErr().println("espalier: " + FailureMessage.of(full));
            return ExitCodes.INTERNAL;
        }
    }

    /** All commands, ready to parse. */
    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        for (Object command : commands()) {
            line.addSubcommand(command);
        }
        HelpGroups.apply(line);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(Console.width())
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::explain);
    }

    /** Without a command there is only the help to show. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? See above.");
    }

    /** One line that says what is wrong, not the whole help. */
    private static int misused(CommandLine.ParameterException wrong, String[] args) {
        var line = wrong.getCommandLine();
        line.getErr().println("espalier: " + UsageMessage.of(wrong));
        line.getErr().println("  see: " + line.getCommandSpec().qualifiedName() + " --help");
        line.getErr().flush();
        return ExitCodes.USAGE;
    }

    private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
        int code = ExitCodes.of(failure);
        line.getErr().println("espalier: " + continued(PlainText.lines(FailureMessage.of(failure))));
        boolean verbose = line.getCommand() instanceof EspalierCommand command && command.output.verbose;
        if (verbose) {
            failure.printStackTrace(line.getErr());
        } else if (code == ExitCodes.INTERNAL) {
            line.getErr().println("  (" + failure.getClass().getSimpleName() + "; --verbose shows where it happened)");
        }
        line.getErr().flush();
        return code;
    }

    /** The text with its further lines moved in, so that none of them looks like a message of its own. */
    private static String continued(String text) {
        return text.replace("\n", "\n  ");
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
