package espalier.cli;

import espalier.train.Callback;
import espalier.train.EpochResult;
import espalier.train.Fit;
import espalier.train.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The live table of epochs, with a bar over the batches while an epoch runs. */
final class EpochTable implements Callback {
    private static final int WIDTH = 10;

    /** From here on a number with four decimals is wider than its column. */
    private static final double LARGE = 1e5;

    private final Console console;
    private Optional<ProgressLine> bar = Optional.empty();
    private int[] widths = {};

    EpochTable(Console console) {
        this.console = console;
    }

    @Override
    public Phase phase() {
        return Phase.REPORT;
    }

    @Override
    public void beforeEpoch(Fit fit) {
        int batches = fit.learner().loaders().train().batches();
        var shown = console.progress("epoch " + (fit.epochsBefore() + 1) + "/" + fit.epochs(), batches);
        shown.update(fit.position().batch(), batches, "");
        bar = Optional.of(shown);
    }

    @Override
    public void afterBatch(Fit fit, Step step) {
        int batches = fit.learner().loaders().train().batches();
        bar.ifPresent(shown ->
                shown.update(fit.position().batch(), batches, String.format(Locale.ROOT, "loss %.4f", step.loss())));
    }

    @Override
    public void afterEpoch(Fit fit) {
        closeBar();
        fit.history().last().ifPresent(this::row);
    }

    @Override
    public void afterFit(Fit fit) {
        closeBar();
    }

    private void closeBar() {
        bar.ifPresent(ProgressLine::close);
        bar = Optional.empty();
    }

    private void row(EpochResult epoch) {
        if (widths.length == 0) {
            var head = new ArrayList<>(List.of("phase", "epoch", "train_loss", "valid_loss"));
            head.addAll(epoch.metrics().keySet());
            head.add("time");
            widths = head.stream()
                    .mapToInt(name -> Math.max(WIDTH, name.length()))
                    .toArray();
            print(head);
        }
        var cells = new ArrayList<>(List.of(
                epoch.cycle(),
                String.valueOf(epoch.epoch()),
                decimal(OptionalDouble.of(epoch.trainLoss())),
                decimal(epoch.validLoss())));
        epoch.metrics().values().forEach(value -> cells.add(decimal(value)));
        cells.add(Amounts.time(epoch.seconds()));
        print(cells);
    }

    private void print(List<String> cells) {
        console.say(Console.line(cells, widths));
    }

    private static String decimal(OptionalDouble value) {
        if (value.isEmpty()) {
            return "-";
        }
        double number = value.getAsDouble();
        return String.format(Locale.ROOT, Math.abs(number) < LARGE ? "%.4f" : "%.3e", number);
    }
}
