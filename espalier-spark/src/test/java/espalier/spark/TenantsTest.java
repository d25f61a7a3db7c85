package espalier.spark;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.predict.Engines;
import espalier.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two applications on one machine, which begin together and unpack the natives into one folder that is empty before. */
@Tag("slow")
@Tag("soak")
class TenantsTest {
    private static final int ROWS = 100;
    private static final int MINUTES = 10;

    @TempDir
    Path folder;

    @Test
    void twoApplications_shareTheNativesAndAnswerAlike() throws Exception {
        var paths = BadFiles.write(Files.createDirectory(folder.resolve("pictures")), ROWS);
        var listing = Files.write(
                folder.resolve("listing.txt"),
                paths.stream().map(Path::toString).toList());
        var model = TinyModel.write(folder.resolve("tiny.safetensors"), 1); // so each loads libtorch to export it
        var natives = folder.resolve("natives");
        var configuration = List.of(
                "spark.driver.host=127.0.0.1",
                "spark.ui.enabled=false",
                "spark.cores.max=1",
                "spark.executor.memory=512m",
                "spark.executorEnv.ESPALIER_HOME=" + folder.resolve("home"),
                "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"
                        + " -Dorg.bytedeco.javacpp.cachedir=" + natives);
        var tenants = List.of("tenant-1", "tenant-2");
        try (var cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("spark")))) {
            for (String tenant : tenants) {
                cluster.submitAs(
                        tenant,
                        PredictPictures.class,
                        configuration,
                        model.toString(),
                        listing.toString(),
                        folder.resolve(tenant).toString());
            }
            assertBothEnd(cluster, tenants);
            assertWhole(natives, cluster.jars());
        }
        for (String tenant : tenants) {
            var rows = LocalSpark.SESSION.read().parquet(folder.resolve(tenant).toString());
            StandaloneClusterTest.assertSame(paths, model, Engines.LIBTORCH, rows.collectAsList());
        }
    }

    private static void assertBothEnd(StandaloneCluster cluster, List<String> tenants) throws Exception {
        int together = 0;
        for (var driver : cluster.drivers()) {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
            while (driver.isAlive() && System.nanoTime() < end) {
                together = Math.max(together, cluster.executors().size());
                Thread.sleep(500);
            }
            assertThat(driver.isAlive())
                    .as(Files.readString(cluster.log(tenants.get(0))) + Files.readString(cluster.log(tenants.get(1))))
                    .isFalse();
        }
        assertThat(together).as("executors at the same time").isGreaterThanOrEqualTo(2);
        for (int i = 0; i < tenants.size(); i++) {
            String log = Files.readString(cluster.log(tenants.get(i)));
            assertThat(cluster.drivers().get(i).exitValue()).as(log).isZero();
            assertThat(log).doesNotContain("Lost executor", "Lost task");
            assertThat(Pattern.compile("Granted executor ID").matcher(log).results())
                    .as("executors that were started for one of one core: " + log)
                    .hasSize(1);
        }
    }

    /** Each library that was unpacked has the size that it has in its jar, and nothing else is there. */
    private static void assertWhole(Path natives, List<Path> jars) throws IOException {
        var byName =
                jars.stream().collect(Collectors.toMap(jar -> jar.getFileName().toString(), Function.identity()));
        int libraries = 0;
        try (var found = Files.walk(natives)) {
            for (Path file : found.filter(path -> path.toString().contains(".so"))
                    .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Path place = natives.relativize(file); // the jar's name, then the entry's
                var jar = byName.get(place.getName(0).toString());
                assertThat(jar).as(place.toString()).isNotNull();
                String name = place.subpath(1, place.getNameCount()).toString();
                assertThat(sizes(jar, name)).as(place.toString()).contains(Files.size(file));
                libraries++;
            }
        }
        assertThat(libraries).as("libraries in " + natives).isGreaterThan(5);
    }

    /** The size of the entry; of all entries where none has the name, since JavaCPP unpacks one library under another. */
    private static Set<Long> sizes(Path jar, String name) throws IOException {
        try (var zip = new JarFile(jar.toFile())) {
            var entry = zip.getJarEntry(name);
            return entry == null
                    ? zip.stream().map(JarEntry::getSize).collect(Collectors.toSet())
                    : Set.of(entry.getSize());
        }
    }
}
