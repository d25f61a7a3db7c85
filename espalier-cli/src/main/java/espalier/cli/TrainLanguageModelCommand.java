package espalier.cli;

import espalier.app.NeuralTexts;
import espalier.app.TrainLanguageModel;
import espalier.text.AwdEncoder;
import espalier.text.TextArchitecture;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espalier train language-model}: an AWD-LSTM that learns a language from texts without labels. */
@Command(
        name = "language-model",
        description = {
            "Train a language model on the texts of a CSV file, without labels: which word comes next.",
            "A classifier can start from it: train text --model awd-lstm --encoder FILE (ULMFiT)."
        },
        footer = {
            "",
            "Examples:",
            "  espalier train language-model tweets.csv --text-column 5 --hidden 400 --out language.safetensors",
            "  espalier train language-model reviews.csv --pretrained wt103-fwd.pth --tokens itos.txt --out language.safetensors"
        })
final class TrainLanguageModelCommand extends TrainCommand {
    @Parameters(paramLabel = "CSV", description = "The table: commas, semicolons, tabs or bars between cells.")
    private Path file = Path.of("");

    @Mixin
    private DeviceFlag device = new DeviceFlag();

    @Mixin
    private TextColumnFlags columns = new TextColumnFlags();

    @Option(names = "--embedding", paramLabel = "N", description = "The numbers of a word's vector (400).")
    private Optional<Integer> embedding = Optional.empty();

    @Option(names = "--hidden", paramLabel = "N", description = "The numbers of a state between layers (1152).")
    private Optional<Integer> hidden = Optional.empty();

    @Option(names = "--layers", paramLabel = "N", description = "How many LSTMs are stacked (3).")
    private Optional<Integer> layers = Optional.empty();

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "How much is dropped: 0.5 is as much as fastai's language models do (0.5).")
    private Optional<Double> dropout = Optional.empty();

    @Option(names = "--max-vocab", paramLabel = "N", description = "The most words that it knows (20000).")
    private Optional<Integer> maxVocab = Optional.empty();

    @Option(names = "--min-frequency", paramLabel = "N", description = "How often a known word occurs at least (2).")
    private Optional<Integer> minFrequency = Optional.empty();

    @Option(names = "--epochs", paramLabel = "N", description = "How often it sees all texts (10).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--lr", paramLabel = "RATE", description = "The largest learning rate of one cycle (5e-3).")
    private Optional<Double> lr = Optional.empty();

    @Option(names = "--batch-size", paramLabel = "N", description = "Stretches of 72 words a batch (64).")
    private Optional<Integer> batchSize = Optional.empty();

    @Option(
            names = "--pretrained",
            paramLabel = "FILE",
            description = "Weights to start from, a .pth file as fastai publishes and saves them; with --tokens.")
    private Optional<Path> pretrained = Optional.empty();

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "The words of --pretrained, one a line in the order of their numbers.")
    private Optional<Path> tokens = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "42", description = "Other weights (${DEFAULT-VALUE}).")
    private long seed;

    private TrainLanguageModel job() {
        var job = TrainLanguageModel.of(columns.of(file, Optional.empty()), out).seed(seed);
        job = job.architecture(architecture())
                .words(NetworkTextFlags.counted(job.words(), maxVocab, minFrequency))
                .schedule(schedule(job.schedule()));
        if (pretrained.isPresent() != tokens.isPresent()) {
            throw wrongUsage(
                    "--pretrained and --tokens belong together. Maybe write the words of fastai's itos file into a"
                            + " text file, one a line.");
        }
        if (pretrained.isPresent() && (embedding.isPresent() || hidden.isPresent() || layers.isPresent())) {
            throw wrongUsage("--embedding, --hidden and --layers are those of --pretrained. Maybe leave them out.");
        }
        return pretrained.isPresent()
                ? job.pretrained(new TrainLanguageModel.Pretrained(
                        CommandException.file(pretrained.get()), CommandException.file(tokens.orElseThrow())))
                : job;
    }

    private TextArchitecture architecture() {
        var usual = TextArchitecture.awdLstm();
        return NetworkTextFlags.sized(usual, embedding, dropout)
                .encoder(NetworkTextFlags.sized(AwdEncoder.standard(), hidden, layers));
    }

    private NeuralTexts.Schedule schedule(NeuralTexts.Schedule usual) {
        return NetworkTextFlags.epochs(usual, epochs, batchSize)
                .lr(Bounds.number("--lr", lr.orElse(usual.lr()), 0, Double.MAX_VALUE, "5e-3"))
                .device(device.device());
    }

    @Override
    int run(Console console) {
        var job = job();
        TrainLanguageModel.Report report;
        try (var progress = console.progress("train language-model", -1)) {
            report = job.run(progress, new EpochTable(console));
        } catch (UncheckedIOException unwritable) {
            throw CommandException.unwritable(out, unwritable);
        }
        console.json(report.toMap());
        console.say(String.format(
                Locale.ROOT,
                "%d training and %d validation texts, %d tokens, %d weights",
                report.trainTexts(),
                report.validTexts(),
                report.vocabulary(),
                report.weights()));
        console.result(String.format(Locale.ROOT, "valid  perplexity %.1f", report.perplexity()));
        console.result("saved " + out + " (" + Amounts.time(report.seconds()) + ")");
        console.next("train", "text", file, "--model", "awd-lstm", "--encoder", out, "--out", "texts.safetensors");
        return ExitCodes.DONE;
    }
}
