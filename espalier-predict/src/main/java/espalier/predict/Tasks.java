package espalier.predict;

import espalier.format.ModelDocument;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The tasks of model files, computed by the engines at hand. */
final class Tasks {
    private Tasks() {}

    /** As {@link Predictor#load(Path, String)}. */
    static PredictionTask<?> of(Path file, String engine) {
        var opened = Engines.open(file, engine);
        if (opened.isPresent()) {
            return on(opened.get().document(), opened.get().engine(), Optional.empty())
                    .orElseThrow(() -> unknown(file.toString(), opened.get().document()));
        }
        var model = ModelFile.open(file);
        return Ensemble.isOne(model.document()) ? of(Ensemble.from(model), engine) : of(model, engine, file.toString());
    }

    /** The task of an ensemble, each of whose models is computed by {@code engine}. */
    static PredictionTask<?> of(Ensemble ensemble, String engine) {
        var tasks = new ArrayList<PredictionTask<?>>();
        try {
            ensemble.members().forEach(member -> tasks.add(of(member, engine, "a model of the ensemble")));
            return new EnsembleTask(ensemble, tasks);
        } catch (RuntimeException failure) {
            tasks.forEach(PredictionTask::close);
            throw failure;
        }
    }

    private static PredictionTask<?> of(ModelFile model, String engine, String name) {
        Optional<PredictionTask<?>> fast =
                Engines.open(model, engine).flatMap(found -> on(model.document(), found, Optional.of(model)));
        return fast.or(() -> providers()
                        .map(provider -> provider.open(model))
                        .flatMap(Optional::stream)
                        .findFirst())
                .orElseThrow(() -> unknown(name, model.document()));
    }

    /** With an engine, which is closed when no task takes it. */
    private static Optional<PredictionTask<?>> on(ModelDocument document, Engine engine, Optional<ModelFile> file) {
        Optional<PredictionTask<?>> task = Optional.empty();
        try {
            task = providers()
                    .map(provider -> provider.open(document, engine, file))
                    .flatMap(Optional::stream)
                    .findFirst();
            return task;
        } finally {
            if (task.isEmpty()) {
                engine.close();
            }
        }
    }

    private static Stream<PredictionTask.Provider> providers() {
        return ServiceLoader.load(PredictionTask.Provider.class).stream().map(ServiceLoader.Provider::get);
    }

    private static ModelFileException unknown(String file, ModelDocument document) {
        return new ModelFileException(file + " is for the task " + document.task()
                + ", which nothing on the class path can do. Maybe add the module espalier-core, or export the model where"
                + " it is: espalier export.");
    }
}
