package espalier.onnx;

import espalier.files.AtomicFiles;
import espalier.files.Home;
import espalier.format.ModelFile;
import espalier.format.ModelFileException;
import espalier.onnxruntime.OnnxEngine;
import espalier.onnxruntime.OnnxModel;
import espalier.onnxruntime.OnnxRuntime;
import espalier.predict.Engine;
import espalier.predict.ImageTask;
import espalier.vision.ImageNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has ONNX Runtime compute Espalier's own model files: each is exported once, into the cache, under its {@linkplain
 * ModelFile#key key}. What cannot be exported stays with libtorch; that too is remembered there, until another version tries.
 */
public final class ExportedModels implements Engine.Provider {
    /** The exports that are kept, those used last. */
    private static final int KEPT = 20;

    /** Part of the key: another way to write models makes old exports useless. */
    private static final String WAY = "2";

    private static final String EXPORT = ".onnx";
    private static final String FAILURE = ".failed";

    private static final Logger LOG = LoggerFactory.getLogger(ExportedModels.class);

    private final Path folder;

    /** In the cache that the environment sets; for the service loader. */
    public ExportedModels() {
        this(Home.directory().resolve("onnx"));
    }

    /** In a folder. */
    ExportedModels(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return OnnxRuntime.NAME;
    }

    @Override
    public String version() {
        return new OnnxRuntime().version();
    }

    @Override
    public Optional<Engine> open(ModelFile file) {
        if (!ImageTask.isForPictures(file.document())) {
            return Optional.empty();
        }
        String key = file.key() + "-" + WAY;
        Path failure = folder.resolve(key + "-" + espalierVersion() + FAILURE);
        if (Files.exists(failure)) {
            LOG.debug("libtorch computes the model, as {} says", failure);
            return Optional.empty();
        }
        try {
            return opened(file, folder.resolve(key + EXPORT), failure);
        } catch (LinkageError missing) { // which may be mended at any time
            LOG.debug("libtorch computes the model, as ONNX Runtime does not load", missing);
            return Optional.empty();
        }
    }

    private Optional<Engine> opened(ModelFile file, Path place, Path failure) {
        var found = found(place);
        if (found.isPresent()) {
            return found;
        }
        file.tensors(); // says what is wrong with the file, which is no failure of the export
        try {
            return Optional.of(exported(file, place));
        } catch (ModelFileException | IllegalStateException impossible) {
            LOG.warn("libtorch computes the model, as it cannot be exported: {}", impossible.getMessage());
            keep(failure, String.valueOf(impossible.getMessage()).getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        }
    }

    private static String espalierVersion() {
        return Objects.requireNonNullElse(ExportedModels.class.getPackage().getImplementationVersion(), "dev");
    }

    /** What was exported before; empty also when the file is damaged, as it is then written anew. */
    private static Optional<Engine> found(Path place) {
        if (!Files.exists(place)) {
            return Optional.empty();
        }
        try {
            var engine = OnnxEngine.open(place).engine();
            Files.setLastModifiedTime(place, FileTime.from(Instant.now()));
            return Optional.of(engine);
        } catch (ModelFileException | IOException damaged) {
            LOG.debug("{} is written anew", place, damaged);
            return Optional.empty();
        }
    }

    private Engine exported(ModelFile file, Path place) {
        OnnxModel model;
        try (var task = ImageNetwork.task(file)) {
            var export = new PictureExport(task, OnnxExport.Input.BYTES);
            model = export.write();
            export.check(model);
        }
        keep(place, model.bytes());
        return found(place).orElseGet(() -> OnnxEngine.of(model));
    }

    private void keep(Path place, byte[] bytes) {
        try {
            AtomicFiles.writeBytes(place, bytes);
            forget();
        } catch (IOException full) {
            LOG.debug("{} cannot be kept", place, full);
        }
    }

    private void forget() throws IOException {
        List<Path> exports;
        try (var files = Files.list(folder)) {
            exports = files.filter(file ->
                            file.toString().endsWith(EXPORT) || file.toString().endsWith(FAILURE))
                    .sorted(Comparator.comparing(ExportedModels::used).reversed())
                    .toList();
        }
        for (Path old : exports.subList(Math.min(KEPT, exports.size()), exports.size())) {
            Files.deleteIfExists(old);
        }
    }

    private static FileTime used(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }
}
