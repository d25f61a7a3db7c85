package espalier.cli;

import espalier.report.PlainText;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
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
    /**
     * The command of a name in {@link HelpGroups#COMMANDS}. A new command is one class, one line here and its name there.
     * Only the one that is called is made: looking at the options of all takes longer than answering for a photo.
     */
    private static Object command(String name) {
        return switch (name) {
            case "augment" -> new AugmentCommand();
            case "bench" -> new BenchCommand();
            case "clean" -> new CleanCommand();
            case "completion" -> new CompletionCommand();
            case "doctor" -> new DoctorCommand();
            case "evaluate" -> new EvaluateCommand();
            case "example" -> new ExampleCommand();
            case "export" -> new ExportCommand();
            case "extract" -> new ExtractCommand();
            case "fetch" -> new FetchCommand();
            case "help" -> new HelpCommand();
            case "import" -> new ImportCommand();
            case "inspect" -> new InspectCommand();
            case "interpret" -> new InterpretCommand();
            case "lr-find" -> new LrFindCommand();
            case "man" -> new ManCommand();
            case "package" -> new PackageCommand();
            case "predict" -> new PredictCommand();
            case "quickstart" -> new Quickstart();
            case "search" -> new SearchCommand();
            case "serve" -> new ServeCommand();
            case "shell" -> new ShellCommand();
            case "show" -> new ShowCommand();
            case "train" -> new Train();
            case "verify" -> new VerifyCommand();
            default -> throw new IllegalArgumentException("there is no class for the command " + name);
        };
    }

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("unused") // picocli looks at the option, not at the field
    private boolean version;

    private static volatile OptionalLong processStart = OptionalLong.empty();

    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        long now = System.nanoTime();
        processStart = ProcessHandle.current().info().startInstant().stream()
                .mapToLong(start ->
                        now - Math.max(0, Duration.between(start, Instant.now()).toNanos()))
                .findFirst();
        System.exit(run(System.out, System.err, args));
    }

    /**
     * When the process began that is this command's own, as {@link System#nanoTime} has it: who gives a budget waits for the start,
     * too. Empty where a program runs several commands.
     */
    static OptionalLong processStart() {
        return processStart;
    }

    /** Runs the command line and gives its exit code; see {@link ExitCodes}. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        var line = commandLine(called(args)).setOut(writer(out)).setErr(writer(err));
        try {
            return line.execute(args);
        } catch (OutOfMemoryError full) { // errors are not handed to the handler of exceptions
            line.getErr().println("espalier: " + FailureMessage.of(full));
            return ExitCodes.INTERNAL;
        }
    }

    /** The commands that the arguments can be about: the one that they begin with, else all. */
    private static List<String> called(String... args) {
        var all = HelpGroups.names();
        boolean one = args.length > 0 && all.contains(args[0]) && !args[0].equals("help");
        return one ? List.of(args[0]) : all;
    }

    /** All commands, ready to parse. */
    static CommandLine commandLine() {
        return commandLine(HelpGroups.names());
    }

    private static CommandLine commandLine(List<String> commands) {
        var line = new CommandLine(new Main());
        commands.forEach(name -> line.addSubcommand(command(name)));
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
