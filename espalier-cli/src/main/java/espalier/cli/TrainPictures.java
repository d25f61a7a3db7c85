package espalier.cli;

import espalier.app.Budget;
import espalier.app.PictureOptions;
import espalier.app.Recipe;
import espalier.app.Stages;
import espalier.app.TrainImage;
import espalier.item.Item;
import espalier.item.Items;
import espalier.optim.Policies;
import espalier.train.FineTune;
import espalier.train.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code train image} and {@code train tags} have in common: transfer learning on pictures, which is one job. */
abstract class TrainPictures extends TrainCommand {
    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "efficientnet-lite0",
            description = "The pretrained model to start from (${DEFAULT-VALUE}, whose weights are bundled).")
    private String model = "";

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "4",
            description =
                    "Train by epochs, so many with the whole model (${DEFAULT-VALUE} when another option of training"
                            + " by epochs is given, such as --lr; else see --budget).")
    private int epochs;

    @Option(
            names = "--freeze-epochs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Epochs before those, with only the new head trained (${DEFAULT-VALUE}).")
    private int freezeEpochs;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            defaultValue = "2e-3",
            description = "The base learning rate (${DEFAULT-VALUE}).")
    private double lr;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description =
                    "How the rate moves: constant, cosine, exponential, flat-cosine, linear, multi-step, one-cycle,"
                            + " plateau, polynomial, sgdr, step; with numbers as in step:every=2,factor=0.1 or"
                            + " cosine:warmup=1 (fine-tune: one-cycle with fine-tuning's numbers).")
    private Optional<String> schedule = Optional.empty();

    @Option(names = "--freeze-schedule", paramLabel = "NAME", description = "The same for the epochs before.")
    private Optional<String> freezeSchedule = Optional.empty();

    @Option(
            names = "--stages",
            paramLabel = "FILE",
            description =
                    "Train in the stages of a JSON file, a list of {\"freeze\": true, \"epochs\": 5, \"lr\": 1e-2}, each"
                            + " maybe with size, batch_size, schedule (one-cycle) and save, the name of a model file to write"
                            + " after it; lr can be a list, from the first layers to the head.")
    private Optional<Path> stages = Optional.empty();

    @Mixin
    private KitFlags kit = new KitFlags();

    @Mixin
    private RecipeFlags recipe = new RecipeFlags();

    @Mixin
    private PictureFlags pictures = new PictureFlags();

    @Mixin
    private CaptionFlags caption = new CaptionFlags();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "The seed of the split, the order and all else that is random (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16|float16",
            defaultValue = "AUTO",
            description = "The type to compute in (auto).")
    private Precision precision = Precision.AUTO;

    @Mixin
    private DeviceFlag device = new DeviceFlag();

    @Option(
            names = "--folds",
            paramLabel = "K",
            description = "Train K models, each without another part of the pictures, and judge it by these: mean and"
                    + " deviation, and the predictions as a table into --out, which ends in .csv. Pictures of a test part are never trained on, and"
                    + " judged at the end. No model is kept without --ensemble.")
    private Optional<Integer> folds = Optional.empty();

    @Option(
            names = "--ensemble",
            paramLabel = "FILE",
            description = "With --folds: write the K models as one model file, which answers by their mean.")
    private Optional<Path> ensemble = Optional.empty();

    @Option(names = "--resume", description = "Go on where an interrupted run of the same command stopped.")
    private boolean resume;

    @Option(
            names = "--accept-changed-data",
            description = "Resume also when pictures were added, removed or changed since.")
    private boolean acceptChangedData;

    @Option(
            names = "--monitor",
            description = "Show the training in the browser while it runs: curves, table, pictures, stop, save.")
    private boolean monitor;

    @Option(
            names = "--monitor-port",
            paramLabel = "N",
            description = "The port of that page on 127.0.0.1 (any that is free); it implies --monitor.")
    private Optional<Integer> monitorPort = Optional.empty();

    private static final String FINE_TUNE = "fine-tune";

    private FineTune schedule() {
        var plan = FineTune.of(Bounds.whole("--epochs", epochs, 0, 100_000, "4"))
                .freezeEpochs(Bounds.whole("--freeze-epochs", freezeEpochs, 0, 100_000, "1"))
                .lr(Bounds.number("--lr", lr, 0, Double.MAX_VALUE, "2e-3, or what `espalier lr-find image` suggests"));
        return plan.policies(
                freezeSchedule.map(Policies::parse).orElse(plan.frozen()),
                schedule.filter(name -> !name.equals(FINE_TUNE))
                        .map(Policies::parse)
                        .orElse(plan.unfrozen()));
    }

    /** Options that say nothing about training by epochs; of the others of this group, one is enough to ask for it. */
    private static final Set<String> ANY_WAY = Set.of("--metrics");

    /** Options that only epochs make sense of: what a head on features computed once would leave out in silence. */
    private boolean byEpochs(PictureOptions data) {
        var given = spec.commandLine().getParseResult();
        boolean asked = Stream.concat(
                        Stream.of(
                                "--stages",
                                "--epochs",
                                "--freeze-epochs",
                                "--lr",
                                "--schedule",
                                "--freeze-schedule",
                                "--head",
                                "--freeze",
                                "--sampler",
                                "--monitor",
                                "--monitor-port"),
                        KitFlags.names().filter(name -> !ANY_WAY.contains(name)))
                .anyMatch(given::hasMatchedOption);
        return asked || data.isOfNumbers();
    }

    /** What the stages say themselves, or what makes no sense with them. */
    private static final List<String> IN_STAGES = List.of(
            "--epochs",
            "--freeze-epochs",
            "--lr",
            "--schedule",
            "--freeze-schedule",
            "--freeze",
            "--views",
            "--budget");

    private Stages stages(Path file, PictureOptions data) {
        var given = spec.commandLine().getParseResult();
        IN_STAGES.stream().filter(given::hasMatchedOption).findFirst().ifPresent(name -> {
            throw new CommandException(
                    ExitCodes.USAGE,
                    name + " does not go with --stages, which says it all. Maybe write it into " + file);
        });
        Stages plan;
        try {
            plan = Stages.parse(Files.readString(CommandException.file(file)));
        } catch (IllegalArgumentException wrong) {
            throw new CommandException(ExitCodes.BAD_DATA, file + ": " + wrong.getMessage());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        for (int i = 0; i < plan.all().size(); i++) {
            if (plan.file(i, out).filter(out::equals).isPresent()) {
                throw new CommandException(
                        ExitCodes.USAGE,
                        file + " saves stage " + (i + 1) + " as " + out + ", which is --out. Maybe another name.");
            }
        }
        return plan.startingWith(data.size());
    }

    private Recipe recipe(PictureOptions data) {
        var said = recipe.recipe();
        if (stages.isPresent()) {
            return said.stages(stages(stages.get(), data));
        }
        return said.budget().isPresent() || byEpochs(data) ? said : said.budget(Budget.auto());
    }

    /** What to train on. */
    abstract PictureFlags.Data data(PictureFlags pictures);

    private TrainImage spec() {
        var data = data(pictures);
        var recipe = recipe(data.options());
        var job = TrainImage.of(data.folder(), out)
                .model(model)
                .pictures(recipe.stages()
                        .flatMap(Stages::firstSize)
                        .map(data.options()::size)
                        .orElse(data.options()))
                .schedule(schedule())
                .recipe(recipe)
                .kit(kit.kit())
                .precision(precision)
                .seed(seed)
                .resume(resume)
                .acceptChangedData(acceptChangedData)
                .caption(caption.caption());
        return device.chosen().map(job::device).orElse(job);
    }

    @Override
    final int run(Console console) {
        int port = Bounds.port("--monitor-port", monitorPort.orElse(0));
        var job = spec();
        var session = TrainingSession.of(job, console);
        if (folds.isPresent()) {
            return byFolds(job, console);
        }
        if (ensemble.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE, "--ensemble is the mean of the models of --folds. Maybe add --folds 5.");
        }
        boolean watched = monitor || monitorPort.isPresent();
        var outcome = (watched ? session.monitor(port) : session).run();
        console.json(outcome.toMap());
        if (outcome.interrupted()) {
            return TrainingSession.stopped(job.checkpoints(), console);
        }
        console.result("saved " + out + " (" + TrainingSession.summary(outcome) + ")");
        console.next("predict", out, firstPicture(job.data()));
        return ExitCodes.DONE;
    }

    private int byFolds(TrainImage job, Console console) {
        int count = Bounds.whole("--folds", folds.orElseThrow(), 2, 100, "5");
        if (resume || monitor || monitorPort.isPresent()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--folds goes neither with --resume nor with --monitor: it trains several models and keeps none."
                            + " Maybe leave them out.");
        }
        return new FoldSession(job, count, ensemble, console).run();
    }

    /** A picture to try the model with. */
    private static Path firstPicture(Path folder) {
        return Items.imageFiles().find(folder).items().stream()
                .findFirst()
                .map(Item::path)
                .orElse(folder);
    }
}
