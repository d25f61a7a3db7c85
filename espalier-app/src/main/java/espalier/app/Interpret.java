package espalier.app;

import espalier.files.CannotWriteException;
import espalier.files.Destination;
import espalier.interpret.Interpretation;
import espalier.interpret.Predictions;
import espalier.interpret.TopLosses;
import espalier.interpret.TrainingCurves;
import espalier.item.Item;
import espalier.predict.Predictor;
import espalier.report.DataException;
import espalier.report.Progress;
import espalier.report.Rejected;
import espalier.vision.ImageGradCam;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
     * @param note how many of the pictures the model was trained on; empty when none
     */
    public record Result(
            Interpretation interpretation,
            TrainingCurves history,
            double seconds,
            List<Rejected> rejected,
            List<Path> files,
            int topLosses,
            Optional<String> note) {
        /** All figures as maps, lists, numbers and texts, ready for any JSON writer. */
        public Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>(interpretation.toMap(topLosses));
            map.put("seconds", seconds);
            map.put("history", history.toMap().get("epochs"));
            note.ifPresent(said -> map.put("note", said));
            map.put("rejected", rejected.stream().map(Rejected::toMap).toList());
            map.put("files", files.stream().map(Path::toString).toList());
            return map;
        }
    }

    /**
     * Judges the model and writes the report.
     *
     * @throws espalier.format.ModelFileException when the model file cannot be used
     * @throws DataException when there is no picture to judge it by
     * @throws UncheckedIOException when {@link #out} cannot be written, with a {@link CannotWriteException}; as far as
     *     that can be seen, before anything is predicted
     */
    public Result run(Progress progress) {
        try (var predictor = Predictor.load(model)) {
            return run(predictor, progress);
        }
    }

    /** The same by a predictor that is already loaded. */
    public Result run(Predictor predictor, Progress progress) {
        try {
            Destination.folder(out);
            return new Writer(predictor, data.judge(predictor, progress)).write();
        } catch (IOException unwritable) {
            var told = CannotWriteException.of(out, unwritable);
            throw new UncheckedIOException(told.getMessage(), told);
        }
    }

    /** The pictures of the report. */
    private final class Writer {
        private final Predictor predictor;
        private final Judged judged;
        private final Optional<ImageGradCam> cam;

        Writer(Predictor predictor, Judged judged) {
            this.predictor = predictor;
            this.judged = judged;
            this.cam = ImageGradCam.of(predictor);
        }

        Result write() throws IOException {
            var folder = new ReportFolder(out, predictor.document(), judged, topLosses);
            // Pictures are named by their paths below the data folder: two classes may both have a 1.png.
            var named = Interpretation.of(judged.predictions()
                    .items(judged.predictions().items().stream()
                            .map(this::below)
                            .toList()));
            folder.plots();
            if (cam.isPresent()) {
                folder.save("top-losses.png", TopLosses.plot(named.topLosses().largest(9), pictures(cam.get())));
            }
            Path source = data.table().map(one -> one.table().file()).orElse(data.folder());
            return folder.write(model, source, named, page -> {
                var shown = cam.map(found -> page.pictures(pictures(found))).orElse(page);
                return cam.filter(ImageGradCam::canExplain)
                        .map(found -> shown.overlays(overlays(found)))
                        .orElse(shown);
            });
        }

        private String below(String item) {
            Path path = Path.of(item);
            return path.startsWith(data.folder()) ? Item.id(data.folder(), path) : item;
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
