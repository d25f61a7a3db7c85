package espalier.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What every command extends: the shared options, and a {@link Console} that obeys them.
 *
 * <pre>{@code
 * @Command(name = "inspect", description = "...", footer = {"", "Example:", "  espalier inspect dogs.safetensors"})
 * final class Inspect extends EspalierCommand {
 *     @Parameters(paramLabel = "MODEL") Path model;
 *
 *     @Override
 *     int run(Console console) { ... return ExitCodes.DONE; }
 * }
 * }</pre>
 */
abstract class EspalierCommand implements Callable<Integer> {
    @Mixin
    OutputOptions output = new OutputOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything is called
    CommandSpec spec;

    /** Does the work; gives the exit code. Failures are thrown: {@link ExitCodes} knows their codes. */
    abstract int run(Console console) throws Exception;

    @Override
    public final Integer call() throws Exception {
        var line = spec.commandLine();
        try (var console = Console.of(line.getOut(), line.getErr(), output)) {
            return run(console);
        }
    }

    /** That the command line is wrong: exit code 2 with the usage. */
    final ParameterException wrongUsage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
