package espalier.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Spark as it runs on machines of its own: a master and two workers of one core each, as processes on the loopback address. Spark's
 * jars lie in a home of theirs; Espalier's are sent by {@code spark-submit}, so that on a conflict Spark's win.
 */
final class StandaloneCluster implements AutoCloseable {
    private static final int SECONDS_TO_START = 60;
    private static final Pattern ESPALIERS = Pattern.compile(
            "/(dev/espalier|espalier-[a-z]+/target|org/bytedeco|tools/jackson|de/siegmar|com/twelvemonkeys|org/knowm|com/drewnoakes|com/adobe"
                    + "|org/tribuo|com/microsoft|com/google/protobuf)/");
    private static final Pattern TESTS = Pattern.compile(
            "/(org/junit|org/assertj|org/opentest4j|org/apiguardian|net/bytebuddy|com/tngtech|org/apache/maven)/"
                    + "|-tests\\.jar|test-classes|junit-console|surefire");

    private final Path home;
    private final String master;
    private final List<String> jars = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Process> drivers = new ArrayList<>();

    StandaloneCluster(Path home) throws IOException, InterruptedException {
        this.home = home;
        sortClassPath();
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        master = "spark://127.0.0.1:" + port;
        start("master", "org.apache.spark.deploy.master.Master", "--port", "" + port);
        await("master", "New state: ALIVE");
        for (int i = 1; i <= 2; i++) {
            var folder = home.resolve("work-" + i).toString();
            start(
                    "worker-" + i,
                    "org.apache.spark.deploy.worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    folder,
                    master);
        }
        await("worker-1", "Successfully registered");
        await("worker-2", "Successfully registered");
    }

    /** Links Spark's jars into its home, and packs the folders of classes that are ours. */
    private void sortClassPath() throws IOException {
        Path sparks = Files.createDirectories(home.resolve("jars"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (TESTS.matcher(entry).find() || !Files.exists(path)) {
                continue;
            }
            if (Files.isDirectory(path)) {
                jars.add(pack(path, home.resolve("classes-" + jars.size() + ".jar"))
                        .toString());
            } else if (ESPALIERS.matcher(entry).find()) {
                jars.add(path.toString());
            } else if (!Files.exists(sparks.resolve(path.getFileName()))) {
                Files.createSymbolicLink(sparks.resolve(path.getFileName()), path);
            }
        }
    }

    private static Path pack(Path folder, Path jar) throws IOException {
        try (var zip = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return jar;
    }

    private Process start(String name, String main, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx640m",
                "-cp",
                home.resolve("jars") + "/*"));
        Files.readAllLines(Path.of("pom.xml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("--add-opens"))
                .map(line -> line.replace("</test.args>", ""))
                .forEach(command::add);
        command.add(main);
        if (!main.endsWith("SparkSubmit")) {
            command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
        }
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().putAll(Map.of("SPARK_HOME", home.toString(), "SPARK_LOCAL_IP", "127.0.0.1"));
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        var process = builder.start();
        processes.add(process);
        return process;
    }

    /** What a process has written. */
    Path log(String name) {
        return home.resolve(name + ".log");
    }

    private void await(String name, String line) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (!Files.readString(log(name)).contains(line)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not start: " + Files.readString(log(name)));
            }
            Thread.sleep(100);
        }
    }

    /** Starts a program's driver as {@code spark-submit} does; its output is the log {@code driver}. */
    Process submit(Class<?> main, List<String> configuration, String... arguments) throws IOException {
        return submitAs("driver", main, configuration, arguments);
    }

    /** The same with another name of the log. */
    Process submitAs(String log, Class<?> main, List<String> configuration, String... arguments) throws IOException {
        var all = new ArrayList<>(
                List.of("--master", master, "--class", main.getName(), "--jars", String.join(",", jars)));
        configuration.forEach(line -> all.addAll(List.of("--conf", line)));
        all.add(application(main));
        all.addAll(Arrays.asList(arguments));
        return submitLine(log, all);
    }

    /** The jar of a driver: one of Espalier's, or one of the test classes that it is among. */
    private String application(Class<?> main) throws IOException {
        try {
            Path classes = Path.of(
                    main.getProtectionDomain().getCodeSource().getLocation().toURI());
            return TESTS.matcher(classes.toString()).find()
                    ? pack(classes, home.resolve("tests.jar")).toString()
                    : jars.get(0);
        } catch (URISyntaxException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    /** Starts a driver by the words that follow {@code spark-submit}. */
    Process submitLine(String log, List<String> words) throws IOException {
        var driver = start(log, "org.apache.spark.deploy.SparkSubmit", words.toArray(String[]::new));
        drivers.add(driver);
        return driver;
    }

    /** All drivers that were submitted, in order. */
    List<Process> drivers() {
        return drivers;
    }

    /** The address of the master. */
    String master() {
        return master;
    }

    /** Espalier's jars and those that it needs besides Spark. */
    List<Path> jars() {
        return jars.stream().map(Path::of).toList();
    }

    /** The executors that are alive. A process that one of them starts has its command line for a moment. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(child -> isExecutor(child)
                        && child.parent().filter(StandaloneCluster::isExecutor).isEmpty())
                .toList();
    }

    private static boolean isExecutor(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend");
    }

    /** Ends all that was started. */
    @Override
    public void close() {
        var all = processes.stream()
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }
}
