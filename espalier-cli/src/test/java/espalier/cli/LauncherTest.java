package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts Java, with a Java that tells how it was started. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path folder;

    private Path script;
    private Path home;

    @BeforeEach
    void makeApplication() throws IOException {
        script = folder.resolve("app/bin/espalier");
        Files.createDirectories(script.getParent());
        Files.copy(Path.of("src/main/app/bin/espalier"), script);
        Files.createDirectory(folder.resolve("app/lib"));
        Files.writeString(folder.resolve("app/lib/espalier-cli.jar"), "");
        home = folder.resolve("jdk");
        java(
                "17.0.1",
                "echo \"locale=$LC_ALL\"; echo \"malloc=$MALLOC_MMAP_MAX_,$MALLOC_MMAP_THRESHOLD_\"; for word in \"$@\"; do echo \"[$word]\"; done");
    }

    private void java(String version, String body) throws IOException {
        Path java = home.resolve("bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\n" + body + "\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private record Ended(int code, String text) {}

    private Ended run(Map<String, String> environment, String... args) throws Exception {
        var builder = new ProcessBuilder().redirectErrorStream(true);
        builder.command().add("sh");
        builder.command().add(script.toString());
        builder.command().addAll(java.util.List.of(args));
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    @Test
    void D18_cLocale_becomesUtf8() throws Exception {
        assertThat(run(Map.of("LC_ALL", "C"), "train").text()).contains("locale=C.UTF-8");
        assertThat(run(Map.of("LANG", "POSIX"), "train").text()).contains("locale=C.UTF-8");
        assertThat(run(Map.of(), "train").text()).contains("locale=C.UTF-8");
        assertThat(run(Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"), "train").text())
                .contains("locale=C.UTF-8");
        assertThat(run(Map.of("LANG", "C.UTF-8"), "train").text()).contains("locale=\n");
    }

    @Test
    void nativesForGraphicsCards_areLookedForWhereThereAreAny() throws Exception {
        String option = "[-Dorg.bytedeco.javacpp.platform.extension=-";
        assertThat(run(Map.of(), "train").text()).contains(option + "none]");
        Files.writeString(folder.resolve("app/lib/pytorch-linux-x86_64-gpu.jar"), "");
        assertThat(run(Map.of(), "train").text()).contains(option + "gpu]");
    }

    /** The system then takes the C locale, and labels would be written as replacement characters. */
    @Test
    void D18_localeThatIsNotInstalled_becomesUtf8() throws Exception {
        assertThat(run(Map.of("LC_ALL", "xx_YY.UTF-8"), "train").text()).contains("locale=C.UTF-8");
        assertThat(run(Map.of("LANG", "xx_YY"), "train").text()).contains("locale=C.UTF-8");
        assertThat(run(Map.of("LC_CTYPE", "xx_YY.UTF-8", "LANG", "C.UTF-8"), "train")
                        .text())
                .contains("locale=C.UTF-8");
    }

    @Test
    void lines_areToldByTheNameThatWasCalled() throws Exception {
        assertThat(run(Map.of(), "train").text()).contains("[-Despalier.program=" + script + "]");
        assertThat(run(Map.of("ESPALIER_PROGRAM", "./espalier"), "train").text())
                .contains("[-Despalier.program=./espalier]");
    }

    /** What makes training fast keeps memory that a server has to give back. */
    @Test
    void server_givesMemoryBack_andATrainingKeepsIt() throws Exception {
        assertThat(run(Map.of(), "serve", "m.safetensors").text()).contains("malloc=,1048576\n");
        assertThat(run(Map.of(), "train", "image").text()).contains("malloc=0,\n");
        assertThat(run(Map.of("MALLOC_MMAP_THRESHOLD_", "65536"), "serve").text())
                .contains("malloc=,65536\n");
    }

    @Test
    void words_arriveAsTheyWere() throws Exception {
        assertThat(run(Map.of(), "train", "image", "my photos/*", "--out", "a b")
                        .text())
                .contains("[espalier.cli.Main]\n[train]\n[image]\n[my photos/*]\n[--out]\n[a b]\n");
    }

    @Test
    void javaThatIsMissingOrOld_isTold() throws Exception {
        var missing = run(Map.of("JAVA_HOME", folder + "/none"), "doctor");
        assertThat(missing.code()).isEqualTo(66);
        assertThat(missing.text()).contains("JAVA_HOME is " + folder + "/none", "Maybe");
        java("11.0.2", "exit 0");
        var old = run(Map.of(), "doctor");
        assertThat(old.code()).isEqualTo(66);
        assertThat(old.text()).contains("11.0.2", "17 or newer", "Maybe");
    }

    @Test
    void limitOfOpenFiles_isRaisedOrTold() throws Exception {
        var told = shell("ulimit -n 64; sh " + script + " doctor");
        assertThat(told.code()).isEqualTo(66);
        assertThat(told.text())
                .contains("only 64 files may be open at once", "Maybe raise that")
                .hasLineCount(1);
        var raised = shell("ulimit -Sn 64; sh " + script + " doctor");
        assertThat(raised.text()).contains("[doctor]");
    }

    private Ended shell(String commands) throws Exception {
        var builder = new ProcessBuilder("sh", "-c", commands).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", home.toString());
        var process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), text);
    }

    @Test
    void folderWithoutJars_isTold() throws Exception {
        Files.delete(folder.resolve("app/lib/espalier-cli.jar"));
        var run = run(Map.of(), "doctor");
        assertThat(run.code()).isEqualTo(66);
        assertThat(run.text()).contains("holds no jars", "Maybe");
    }
}
