package espalier.spark;

import espalier.app.TrainImage;
import espalier.format.ModelDocument;
import espalier.format.RunOptions;
import espalier.train.Precision;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A training on its way to the executors: what a model file would say of it.
 *
 * @param data the folder of pictures
 * @param out the model file, on the driver's machine
 * @param model the name of the architecture
 * @param size of the pictures
 * @param precision the type to compute in
 * @param options all else, by the names of the command line
 * @param resume whether to go on from checkpoints
 * @param acceptChangedData whether also when the pictures have changed
 */
record SentTraining(
        String data,
        String out,
        String model,
        int size,
        Precision precision,
        TreeMap<String, String> options,
        boolean resume,
        boolean acceptChangedData)
        implements Serializable {

    /** @throws IllegalArgumentException when something of it would be lost on the way */
    static SentTraining of(TrainImage training) {
        var sent = new SentTraining(
                training.data().toAbsolutePath().toString(),
                training.out().toAbsolutePath().toString(),
                training.model(),
                training.pictures().size(),
                training.precision(),
                new TreeMap<>(training.recorded()),
                training.resume(),
                training.acceptChangedData());
        var received = sent.training(training.out().toAbsolutePath());
        check("pictures", training.pictures(), received.pictures());
        check("schedule", training.schedule(), received.schedule());
        check("recipe", training.recipe(), received.recipe());
        check("kit", training.kit(), received.kit());
        return sent;
    }

    private static void check(String part, Object here, Object there) {
        if (!here.equals(there)) {
            throw new IllegalArgumentException(
                    "executors cannot be told all of this training's " + part + ": of " + here + " they would know "
                            + there + ". Maybe it names a table, logs or threads of this machine.");
        }
    }

    /** The training with another model file. */
    TrainImage training(Path file) {
        var document = ModelDocument.of(
                        "image-classification", new ModelDocument.Architecture(model, Map.of()), List.of("any"))
                .transforms(List.of(new ModelDocument.Step("resize", Map.of("height", size, "width", size))))
                .details(RunOptions.details(options));
        return TrainImage.like(document, Path.of(data), file)
                .precision(precision)
                .resume(resume)
                .acceptChangedData(acceptChangedData);
    }

    /** The same with another value of one option, by its name on the command line. */
    SentTraining with(String name, String value) {
        var others = new TreeMap<>(options);
        others.put(name, value);
        return new SentTraining(
                data,
                out,
                name.equals("--model") ? value : model,
                name.equals("--size") ? Integer.parseInt(value) : size,
                name.equals("--precision") ? Precision.valueOf(value.toUpperCase(Locale.ROOT)) : precision,
                others,
                resume,
                acceptChangedData);
    }
}
