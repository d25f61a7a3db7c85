package espalier.app;

import espalier.files.AtomicFiles;
import espalier.format.ModelFileException;
import espalier.predict.ImageTask;
import espalier.predict.Predictor;
import espalier.predict.ReadTexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The job of making a folder that predicts pictures or texts on Apache Spark: one jar with all that the driver and the executors need
 * besides Spark, the model, and a README with the line for {@code spark-submit}. Neither Spark nor libtorch is in it.
 *
 * <p>Which jars go into the one is told by the manifest of {@code espalier-spark}'s: those that it was built with. It is no part of the
 * application, since nobody who has no cluster needs it; it comes from the local Maven repository, as natives for other platforms do.
 *
 * @param model an ONNX file of Espalier's, or the model file of a linear model of texts
 * @param application the application folder, with {@code bin} and {@code lib}
 * @param out the folder to write: a new one, an empty one, or one that an earlier package went into
 * @param platform the kind of the cluster's machines
 */
public record PackageSpark(Path model, Path application, Path out, Platform platform) {
    private static final Job PICTURES = new Job(
            "pictures",
            "espalier.spark.PredictPictures",
            List.of("PICTURES", "PREDICTIONS"),
            "- `PICTURES`: a text file with a path on each line, whose name ends with `.txt`; or a folder or pattern of pictures,"
                    + " such as `s3a://photos/*.jpg`.",
            "A file that cannot be read is a row whose `error` says why.");

    private static final Job TEXTS =
            new Job("texts", "espalier.spark.PredictTexts", List.of("ROWS", "COLUMN", "PREDICTIONS"), """
            - `ROWS`: a table, or a folder or pattern of tables, such as `s3a://tweets/*.csv`. The first row of CSV names the columns; with tabs
              between the cells the name ends with `.tsv`. That of Parquet ends with `.parquet`.
            - `COLUMN`: the column of texts.""", """
            The table's columns stay, and those that are added begin with `predicted_`. A row without a text has its reason in `predicted_error`.
            A linear model lies in Java's heap: where it is large, give the executors more `spark.executor.memory`.""");

    private static final Pattern APP = Pattern.compile("espalier-app-(.*)\\.jar");

    /** What Spark was built with, and its clusters have under other names alone. */
    private static final Set<String> SHADED = Set.of("protobuf-java");

    /** The name of a jar: library, then version and perhaps classifier. */
    private static final Pattern JAR = Pattern.compile("(.+?)-[0-9].*\\.jar");

    /**
     * Writes the folder.
     *
     * @param written is told each file, relative to the folder
     * @return the files, relative to the folder
     * @throws ModelFileException when the model is none for pictures or texts
     * @throws IllegalArgumentException when the application folder is none, or something for the platform is not on this machine
     * @throws UncheckedIOException when the folder cannot be written, or holds files that are not an earlier package's
     */
    public List<Path> run(Consumer<Path> written) {
        try (var predictor = Predictor.load(model)) {
            Map<String, PackageFolder.Packed> files = new TreeMap<>();
            files.put("README.md", readme(predictor));
            files.put(jarName(), new PackageFolder.Packed(MergedJar.of(jars()), false));
            files.put(modelName(), PackageFolder.Packed.copy(model));
            return PackageFolder.write(out, files, written);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private PackageFolder.Packed readme(Predictor predictor) throws IOException {
        var document = predictor.document();
        var job = job(predictor);
        var words = new HashMap<>(Map.of(
                "NAME",
                PackageTexts.name(model),
                "JAR",
                jarName(),
                "MODEL",
                modelName(),
                "ARCHITECTURE",
                document.architecture().name(),
                "CLASSES",
                Integer.toString(document.vocabulary().size()),
                "SHA256",
                document.weightsSha256(),
                "PLATFORM",
                platform.text(),
                "SUBMIT",
                String.join(" ", submit(job, Path.of("")))));
        words.put("KIND", job.kind);
        words.put("INPUTS", job.inputs);
        words.put("RESULTS", job.results);
        return PackageTexts.filled("spark.md", words);
    }

    /**
     * The words of the line that predicts with the package. In it the words in capitals stand for what the user has: {@code MASTER}, the
     * cluster; {@code PICTURES}, a listing, a folder or a pattern of pictures, or for a model of texts {@code ROWS}, a table, and {@code
     * COLUMN}, its column of texts; {@code PREDICTIONS}, the folder for the Parquet files.
     *
     * @param folder where the package is, as seen by who submits
     * @throws ModelFileException when the model is none for pictures or texts
     */
    public List<String> submit(Path folder) {
        try (var predictor = Predictor.load(model)) {
            return submit(job(predictor), folder);
        }
    }

    private List<String> submit(Job job, Path folder) {
        var line = new ArrayList<>(List.of("spark-submit", "--master", "MASTER", "--class", job.main));
        for (String setting : List.of(
                "spark.executor.memoryOverhead=2g",
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0")) {
            line.addAll(List.of("--conf", setting));
        }
        line.add(folder.resolve(jarName()).toString());
        line.add(folder.resolve(modelName()).toString());
        line.addAll(job.arguments);
        return line;
    }

    /**
     * What is submitted for a kind of model.
     *
     * @param kind what it takes
     * @param main the class
     * @param arguments the words that stand for what the user has
     * @param inputs what to put for them, for the README
     * @param results what comes out, for the README
     */
    private record Job(String kind, String main, List<String> arguments, String inputs, String results) {}

    private String jarName() {
        return PackageTexts.name(model) + "-spark.jar";
    }

    private String modelName() {
        return PackageTexts.served(model);
    }

    private Job job(Predictor predictor) {
        var document = predictor.document();
        if (ImageTask.isForPictures(document)) {
            return PICTURES;
        }
        if (predictor.task() instanceof ReadTexts) {
            return TEXTS;
        }
        throw new ModelFileException(model + " is a model for " + document.task()
                + ", and what a package submits predicts pictures or texts. Maybe write a program with EspalierModel.");
    }

    /** The jars that become one, by name. */
    private Map<String, AtomicFiles.Content> jars() throws IOException {
        Path lib = application.resolve("lib");
        if (!Files.isDirectory(lib)) {
            throw new IllegalArgumentException(application + " is no application folder: lib is missing. Maybe it is"
                    + " espalier-cli/target/espalier after mvn package.");
        }
        Set<String> there;
        try (var found = Files.list(lib)) {
            there = found.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
        Path spark = sparkJar(there);
        Set<String> needed = needed(spark, there);
        Map<String, AtomicFiles.Content> jars =
                PlatformLibraries.of(lib, needed::contains, platform, PlatformLibraries.repository());
        jars.put(String.valueOf(spark.getFileName()), out -> Files.copy(spark, out));
        return jars;
    }

    private static Path sparkJar(Set<String> there) {
        String version = there.stream()
                .map(APP::matcher)
                .filter(Matcher::matches)
                .map(name -> name.group(1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the application folder has no jar of espalier-app. Maybe it was changed: build it again."));
        Path jar = PlatformLibraries.repository()
                .resolve(Path.of("dev", "espalier", "espalier-spark", version, "espalier-spark-" + version + ".jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalArgumentException(
                    "the part of Espalier for Spark is not on this machine: " + jar
                            + " is missing. Maybe build it first, in Espalier's sources: mvn install -DskipTests -pl espalier-spark -am");
        }
        return jar;
    }

    /**
     * Those of the jars {@code there} that {@code spark} was built with. It was built with Spark's versions of some libraries: what is there
     * in another version comes from the cluster, unless that has it under another name.
     */
    private static Set<String> needed(Path spark, Set<String> there) throws IOException {
        List<String> names;
        try (var jar = new JarFile(spark.toFile())) {
            var manifest = jar.getManifest();
            String path = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            names = path == null ? List.of() : Arrays.asList(path.split(" "));
        }
        var libraries = there.stream().map(PackageSpark::library).collect(Collectors.toSet());
        var missing = names.stream()
                .filter(name -> !libraries.contains(library(name)))
                .toList();
        if (names.isEmpty() || !missing.isEmpty()) {
            throw new IllegalArgumentException(spark + " does not fit the application folder, which lacks "
                    + String.join(", ", missing) + ". Maybe build both again.");
        }
        return there.stream()
                .filter(name -> names.contains(name) || SHADED.contains(library(name)))
                .collect(Collectors.toSet());
    }

    private static String library(String jar) {
        var name = JAR.matcher(jar);
        return name.matches() ? name.group(1) : jar;
    }
}
