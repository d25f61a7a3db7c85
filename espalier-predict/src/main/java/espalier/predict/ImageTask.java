package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.format.Transform;
import espalier.image.Image;
import espalier.image.ImageReader;
import espalier.image.Transforms;
import espalier.item.Items;
import espalier.report.PlainText;
import espalier.rng.Rng;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Prediction for pictures, prepared as the model's document says. */
public final class ImageTask implements PredictionTask<Image> {
    /** What the tasks of models of pictures begin with; the target says the rest. */
    public static final String KIND = "image-";

    private static final int CHANNELS = 3;
    private static final long BATCH_PIXELS = 512L * 512 * MOST;
    private static final int SAMPLE = 64;

    private final ModelDocument document;
    private final List<Transform<Image>> transforms;
    private final Engine engine;
    private final Libtorch libtorch;
    private final ImageReader reader;
    private final int most;

    /**
     * The task of a model for pictures.
     *
     * @param document what the model file says
     * @param engine which the task closes
     * @param file the model file, where it is one of Espalier's
     * @throws ModelFileException when the document's transforms cannot be used
     */
    public ImageTask(ModelDocument document, Engine engine, Optional<ModelFile> file) {
        this.document = document;
        this.transforms = transforms(document);
        this.engine = engine;
        this.libtorch = new Libtorch(engine, file);
        this.reader = ImageReader.of().shortSide(Transforms.decodeSide(transforms));
        this.most = fitting();
    }

    /** Finds the task of a model file for pictures. */
    public static final class Provider implements PredictionTask.Provider {
        /** For the service loader. */
        public Provider() {}

        @Override
        public Optional<PredictionTask<?>> open(ModelDocument document, Engine engine, Optional<ModelFile> file) {
            return isForPictures(document) ? Optional.of(new ImageTask(document, engine, file)) : Optional.empty();
        }
    }

    /** Whether a document is of a model for pictures. */
    public static boolean isForPictures(ModelDocument document) {
        return document.task().startsWith(KIND);
    }

    /** What a document does to pictures before the network. @throws ModelFileException when it cannot be done */
    public static List<Transform<Image>> transforms(ModelDocument document) {
        List<Transform<Image>> transforms = new ArrayList<>();
        for (var step : document.transforms()) {
            try {
                transforms.add(Transforms.from(step.name(), step.parameters()));
            } catch (IllegalArgumentException unknown) {
                throw new ModelFileException(
                        "the model file cannot be used: " + PlainText.line(String.valueOf(unknown.getMessage()), 2_000),
                        unknown);
            }
        }
        return transforms;
    }

    @Override
    public Image read(Path file) {
        return prepared(reader.read(file));
    }

    @Override
    public Image read(byte[] bytes) {
        return prepared(reader.read(bytes));
    }

    @Override
    public Image read(BufferedImage picture) {
        return prepared(Image.from(picture));
    }

    private Image prepared(Image image) {
        return Transforms.applied(transforms, image, false, Rng.of(0));
    }

    @Override
    public Items.Found find(Path folder) {
        return Items.imageFiles().find(folder);
    }

    @Override
    public float[][] probabilities(List<Image> images) {
        return engine.probabilities(inputs(images));
    }

    /** Prepared pictures as an engine takes them: bytes {@code [N, H, W, 3]}. */
    public static Inputs inputs(List<Image> images) {
        Image first = images.get(0);
        return Inputs.of(Image.stacked(images), images.size(), first.height(), first.width(), CHANNELS);
    }

    @Override
    public int most() {
        return most;
    }

    /** As many pictures as have the pixels of {@link #MOST} of 512 a side. */
    private int fitting() {
        var sized = prepared(Image.of(SAMPLE, SAMPLE, new byte[3 * SAMPLE * SAMPLE]));
        long pixels = (long) sized.width() * sized.height();
        return (int) Math.max(1, Math.min(MOST, BATCH_PIXELS / pixels));
    }

    @Override
    public int runs() {
        return engine.runs();
    }

    @Override
    public PredictionTask<Image> parallel() {
        var other = engine.parallel();
        return other == engine ? this : new ImageTask(document, other, Optional.empty());
    }

    @Override
    public String engine() {
        return engine.name();
    }

    @Override
    public String precision() {
        return engine.precision();
    }

    /**
     * The engine that computes the network in libtorch, where it can be looked into: what predicts, or where another engine
     * does, a second one that is opened when it is first asked for. Empty when there is no model file of Espalier's to open.
     */
    public Optional<Engine> libtorch() {
        return libtorch.engine();
    }

    /** Whether {@link #libtorch} has one. */
    public boolean hasLibtorch() {
        return libtorch.isPresent();
    }

    @Override
    public ModelDocument document() {
        return document;
    }

    @Override
    public void close() {
        engine.close();
        libtorch.close();
    }

    /** The model in libtorch, which not every engine is. */
    private static final class Libtorch {
        private Optional<ModelFile> file;
        private Optional<Engine> engine;
        private final boolean owned;

        Libtorch(Engine predicting, Optional<ModelFile> file) {
            this.file = file;
            this.engine = Optional.of(predicting).filter(one -> one.name().startsWith(Engines.LIBTORCH));
            this.owned = engine.isEmpty();
        }

        synchronized boolean isPresent() {
            return engine.isPresent() || file.isPresent();
        }

        synchronized Optional<Engine> engine() {
            if (engine.isEmpty()) {
                engine = file.flatMap(model -> Engines.open(model, Engines.LIBTORCH));
                file = Optional.empty();
            }
            return engine;
        }

        synchronized void close() {
            if (owned) {
                engine.ifPresent(Engine::close);
            }
            file = Optional.empty();
        }
    }
}
