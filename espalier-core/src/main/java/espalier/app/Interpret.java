package espalier.app;

import espalier.data.DataException;
import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.interpret.Interpretation;
import espalier.interpret.Plot;
import espalier.interpret.Plots;
import espalier.interpret.Predictions;
import espalier.interpret.TopLosses;
import espalier.interpret.TrainingCurves;
import espalier.model.Predictor;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.vision.ImageGradCam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The job of finding out how good a model is and where it errs: a report as one HTML file, and its plots as PNG.
 *
 * <pre>{@code
 * var result = Interpret.of(Path.of("dogs.safetensors"), Path.of("holdout"), Path.of("report")).run(Progress.NONE);
 * result.interpretation().mostConfused(2);
 * }</pre>
 *
 * @param model the model file
 * @param data the labelled pictures
 * @param out the folder to write to, made if need be
 * @param topLosses how many pictures of largest loss the report shows, and half as many of smallest and least sure; 24
 */
public record Interpret(Path model, LabelledPictures data, Path out, int topLosses) {
    private static final int MOST_CURVES = 1000;

    /** Says what is out of range. */
    public Interpret {
        if (topLosses < 0) {
            throw new IllegalArgumentException(
                    "topLosses: expected 0 or more, received " + topLosses + ". Maybe 24 is meant.");
        }
    }

    /** By a folder with one sub-folder a class. */
    public static Interpret of(Path model, Path folder, Path out) {
        return new Interpret(model, LabelledPictures.of(folder), out, 24);
    }

    /** The same by other pictures. */
    public Interpret data(LabelledPictures pictures) {
        return new Interpret(model, pictures, out, topLosses);
    }

    /** The same with another number of pictures. */
    public Interpret topLosses(int max) {
        return new Interpret(model, data, out, max);
    }

    /**
     * What came out.
     *
     * @param interpretation all figures
     * @param history how the training went; without epochs when the model file does not say
     * @param seconds how long predicting took, loading the model not included
     * @param rejected pictures that cannot be read, or whose class the model does not know
     * @param files what was written, the report first
     * @param topLosses how many pictures {@link #toMap} lists by loss and by how sure the model was
     */
    public record Result(
            Interpretation interpretation,
            TrainingCurves history,
            double seconds,
            List<Rejected> rejected,
            List<Path> files,
            int topLosses) {
        /** All figures as maps, lists, numbers and texts, ready for any JSON writer. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>(interpretation.toMap(topLosses));
            map.put("seconds", seconds);
            map.put("history", history.toMap().get("epochs"));
            map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
            map.put("files", files.stream().map(Path::toString).toList());
            return map;
        }
    }

    /**
     * Judges the model and writes the report.
     *
     * @throws espalier.model.ModelFileException when the model file cannot be used
     * @throws DataException when there is no picture to judge it by
     * @throws UncheckedIOException when {@link #out} cannot be written, with a {@link CannotWriteException}; as far as
     *     that can be seen, before anything is predicted
     */
    public Result run(Progress progress) {
        try {
            Destination.folder(out);
        } catch (CannotWriteException unwritable) {
            throw told(unwritable);
        }
        try (var predictor = Predictor.load(model)) {
            var judged = data.judge(predictor, progress);
            try {
                return new Writer(predictor, judged).write();
            } catch (IOException unwritable) {
                throw told(CannotWriteException.of(out, unwritable));
            }
        }
    }

    private static UncheckedIOException told(CannotWriteException unwritable) {
        return new UncheckedIOException(unwritable.getMessage(), unwritable);
    }

    /** The report on its way to the disk. */
    private final class Writer {
        private final Predictor predictor;
        private final Judged judged;
        private final Interpretation all;
        /** The same with the pictures named by their paths below the data folder: two classes may both have a 1.png. */
        private final Interpretation named;

        private final TrainingCurves history;
        private final Optional<ImageGradCam> cam;
        private final List<Path> files = new ArrayList<>();

        Writer(Predictor predictor, Judged judged) {
            this.predictor = predictor;
            this.judged = judged;
            this.all = Interpretation.of(judged.predictions());
            this.named = Interpretation.of(judged.predictions()
                    .items(judged.predictions().items().stream()
                            .map(this::below)
                            .toList()));
            this.history = TrainingCurves.from(predictor.document().history());
            this.cam = ImageGradCam.of(predictor);
        }

        Result write() throws IOException {
            Path report = out.resolve("report.html");
            files.add(report);
            plots();
            var page = named.htmlReport()
                    .title(name(model) + " on " + name(data.csv().orElse(data.folder())))
                    .topLosses(topLosses)
                    .rejected(judged.rejected())
                    .modelCard(ModelCard.of(predictor.document()));
            if (!history.epochs().isEmpty()) {
                page = page.history(history);
            }
            if (cam.isPresent()) {
                page = page.pictures(pictures(cam.get())).overlays(overlays(cam.get()));
            }
            page.write(report);
            return new Result(all, history, judged.seconds(), judged.rejected(), List.copyOf(files), topLosses);
        }

        private void plots() throws IOException {
            Predictions predictions = judged.predictions();
            if (predictions.isMultiLabel()) {
                save("thresholds.png", Plots.thresholds(all.thresholds()));
            } else {
                save("confusion.png", all.confusionMatrix().plot());
                save("confusion-normalised.png", all.confusionMatrix().normalisedPlot());
            }
            if (predictions.classes().size() <= MOST_CURVES) {
                save("roc.png", Plots.roc(all.rocCurves()));
                save("precision-recall.png", Plots.precisionRecall(all.precisionRecallCurves()));
            }
            save("calibration.png", Plots.calibration(all.calibration()));
            if (!history.epochs().isEmpty()) {
                save("losses.png", Plots.losses(history));
            }
            if (!history.metricNames().isEmpty()) {
                save("metrics.png", Plots.metrics(history));
            }
            if (cam.isPresent()) {
                save("top-losses.png", TopLosses.plot(named.topLosses().largest(9), pictures(cam.get())));
            }
        }

        private static String name(Path path) {
            return String.valueOf(path.toAbsolutePath().normalize().getFileName());
        }

        private void save(String name, Plot plot) throws IOException {
            plot.save(out.resolve(name));
            files.add(out.resolve(name));
        }

        private String below(String item) {
            Path path = Path.of(item);
            return path.startsWith(data.folder())
                    ? data.folder().relativize(path).toString().replace('\\', '/')
                    : item;
        }

        private Function<String, BufferedImage> pictures(ImageGradCam cam) {
            return item -> cam.picture(data.folder().resolve(item));
        }

        /** Where the model found what it said, right or wrong. */
        private Function<String, Optional<BufferedImage>> overlays(ImageGradCam cam) {
            Map<String, Integer> said = new HashMap<>();
            Predictions predictions = judged.predictions();
            for (int i = 0; i < predictions.size(); i++) {
                said.put(below(predictions.items().get(i)), predictions.predicted(i));
            }
            return item -> cam.overlayIfAny(data.folder().resolve(item), said.getOrDefault(item, 0));
        }
    }
}
