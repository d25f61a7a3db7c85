package espalier.cli;

import espalier.train.TestTimeAugmentation;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Test-time augmentation. */
final class TtaFlag {
    private static final int MOST = 1000;
    private static final String USUAL = "4";

    /** Lets the number be left out, also where a file is the next word. */
    static final class UsualPasses implements IParameterPreprocessor {
        /** For picocli. */
        UsualPasses() {}

        @Override
        public boolean preprocess(
                Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> details) {
            boolean attached = !String.valueOf(details.get("separator")).isBlank() && details.get("separator") != null;
            if (!attached && (words.isEmpty() || !words.peek().matches("[0-9]+"))) {
                words.push(USUAL);
            }
            return false;
        }
    }

    @Option(
            names = "--tta",
            paramLabel = "[N]",
            preprocessor = UsualPasses.class,
            description = "Test-time augmentation: average the prediction of each picture as it is (a quarter) and of N"
                    + " variations of it as in training (4). N + 1 times as slow.")
    private Optional<Integer> passes = Optional.empty();

    /** What was asked for; empty: each picture once, as it is. */
    Optional<TestTimeAugmentation> passes() {
        return passes.map(n -> TestTimeAugmentation.standard().passes(Bounds.whole("--tta", n, 1, MOST, USUAL)));
    }

    /** @throws CommandException when it was asked for */
    void refuseTexts() {
        if (passes.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE, "--tta varies pictures, and this is a model of texts. Maybe leave it out.");
        }
    }
}
