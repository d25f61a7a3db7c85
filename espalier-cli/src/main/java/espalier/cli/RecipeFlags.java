package espalier.cli;

import espalier.app.Balance;
import espalier.app.Budget;
import espalier.app.Recipe;
import espalier.app.Thresholds;
import espalier.interpret.ThresholdSearch.Score;
import espalier.vision.Views;
import espalier.vision.model.Head;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options that say what of a network is trained, and on what: {@link Recipe} on the command line. */
final class RecipeFlags {
    /** What can be frozen. */
    enum Freeze {
        BODY
    }

    @Option(
            names = "--budget",
            paramLabel = "TIME|auto",
            description = "What can be learned in this time, such as 30s, 2m or 1h: a linear head on features computed"
                    + " once, then the whole model as long as that helps (auto, unless an option of training by epochs"
                    + " is given: as long as it takes to look at each picture once, then at most 2m).")
    private Optional<String> budget = Optional.empty();

    @Option(
            names = "--freeze",
            paramLabel = "body",
            description = "Keep the pretrained body as it is: the head trains in seconds on features computed once.")
    private Optional<Freeze> freeze = Optional.empty();

    @Option(
            names = "--views",
            paramLabel = "plain|mirrored|K",
            description = "What a frozen body sees of each picture: the picture, its mirror image too, or K augmented"
                    + " views (mirrored with --freeze body or --budget).")
    private Optional<String> views = Optional.empty();

    @Option(
            names = "--head",
            paramLabel = "N,N",
            description = "A head of linear layers with these outputs, such as 512,128; linear: of one (fastai's).")
    private Optional<String> head = Optional.empty();

    @Option(names = "--dropout", paramLabel = "P", description = "Dropout after each hidden layer of --head (0).")
    private Optional<Double> dropout = Optional.empty();

    @Option(names = "--head-norm", description = "A batch norm before the layers of --head.")
    private boolean headNorm;

    @Option(
            names = "--class-weights",
            paramLabel = "balanced|none|N|A=2,B=1",
            defaultValue = "none",
            description =
                    "What a picture of each class weighs in the loss; of tags, how much more each counts where it is"
                            + " present, such as 3 where most pictures lack most tags (${DEFAULT-VALUE}).")
    private String classWeights = "";

    @Option(
            names = "--sampler",
            paramLabel = "balanced|none|A=2,B=1",
            defaultValue = "none",
            description = "How often each class comes in an epoch (${DEFAULT-VALUE}: as often as it has pictures).")
    private String sampler = "";

    @Option(
            names = "--threshold",
            paramLabel = "P|auto|each",
            defaultValue = "auto",
            description = "Above which probability tags are given: a number such as 0.2, or what is best on validation"
                    + " pictures, for all tags (auto) or for each.")
    private String threshold = "";

    @Option(
            names = "--threshold-metric",
            paramLabel = "NAME",
            description = "By which score that is searched, such as f1_macro (f2_samples).")
    private Optional<String> thresholdMetric = Optional.empty();

    private Thresholds thresholds() {
        var said = parsed("--threshold", threshold, Thresholds::named);
        return thresholdMetric
                .map(name -> parsed("--threshold-metric", name, text -> said.score(Score.named(text))))
                .orElse(said);
    }

    Recipe recipe() {
        var recipe = Recipe.standard()
                .thresholds(thresholds())
                .freezeBody(freeze.isPresent())
                .classWeights(parsed("--class-weights", classWeights, Balance::named))
                .sampler(parsed("--sampler", sampler, Balance::named));
        if (budget.isPresent()) {
            recipe = recipe.budget(parsed("--budget", budget.get(), Budget::named));
        }
        if (views.isPresent()) {
            recipe = recipe.views(parsed("--views", views.get(), Views::named));
        }
        return withHead(recipe);
    }

    private Recipe withHead(Recipe recipe) {
        if (head.isEmpty()) {
            if (dropout.isPresent() || headNorm) {
                throw new CommandException(
                        ExitCodes.USAGE, "--dropout and --head-norm belong to --head. Maybe --head 512,128.");
            }
            return recipe;
        }
        if (budget.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE, "--budget finds a linear head, so --head cannot be given. Maybe --freeze body.");
        }
        Head own = parsed("--head", head.get(), RecipeFlags::layers);
        own = headNorm ? own.norm() : own;
        return recipe.head(own.dropout(Bounds.number("--dropout", dropout.orElse(0.0), Bounds.FROM_ZERO, 0.99, "0.4")));
    }

    private static Head layers(String text) {
        if (text.strip().equalsIgnoreCase("linear")) {
            return Head.linear();
        }
        try {
            return Head.of(Arrays.stream(text.split(","))
                    .map(String::strip)
                    .mapToInt(Integer::parseInt)
                    .toArray());
        } catch (NumberFormatException other) {
            throw new IllegalArgumentException("expected linear or numbers such as 512,128, received " + text, other);
        }
    }

    /** What a text says; what is wrong with it is told with the option's name. */
    private static <T> T parsed(String option, String text, Function<String, T> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException malformed) {
            throw new CommandException(ExitCodes.USAGE, option + ": " + malformed.getMessage());
        }
    }
}
