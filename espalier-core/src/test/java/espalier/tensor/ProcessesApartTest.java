package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import espalier.tensor.ProcessGroup.Meeting;
import espalier.tensor.ProcessGroup.Reduction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ranks as processes of their own, one of which is stopped, or between which the network is cut. */
@Tag("slow")
class ProcessesApartTest {
    private static final int STEPS = 60;
    private static final String CUT = "espalier-cut";

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        processes.forEach(Process::destroyForcibly);
        for (var process : processes) {
            process.waitFor();
        }
    }

    private Process rank(List<String> before, String host, String port, int rank, int size, int seconds, String local)
            throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Steps.class.getName(),
                host,
                port,
                "" + rank,
                "" + size,
                "" + seconds,
                local));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    private static void awaitFirstStep(Process process) throws IOException {
        String line = "";
        while (!"step 0".equals(line)) { // libtorch writes before
            line = process.inputReader().readLine();
            assertThat(line).isNotNull();
        }
    }

    private static String output(Process process) throws Exception {
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.inputReader().lines().collect(Collectors.joining("\n"));
    }

    /** X03: the others fail with its name, and none waits for ever. */
    @Test
    void X03_processThatIsStopped_isNamedByTheOthers() throws Exception {
        try (var store = RankStore.open()) {
            var ranks = new ArrayList<Process>();
            for (int rank = 0; rank < 3; rank++) {
                ranks.add(rank(List.of(), "127.0.0.1", "" + store.port(), rank, 3, 4, "127.0.0.1"));
            }
            var stopped = ranks.get(2);
            awaitFirstStep(stopped);
            assertThat(new ProcessBuilder("kill", "-STOP", "" + stopped.pid())
                            .start()
                            .waitFor())
                    .isZero();
            for (var other : ranks.subList(0, 2)) {
                assertThat(output(other))
                        .contains("Nothing is heard of rank 2 (")
                        .contains(", process " + stopped.pid() + ").");
            }
        }
    }

    /**
     * X06: two hosts whose network is cut for three seconds and heals: what was sent is sent again, and both come to the same sum. Hosts
     * are network namespaces of Linux, which only root may make.
     */
    @Test
    void X06_networkThatIsCutAndHeals_changesNothing() throws Exception {
        assumeTrue(tryRun("ip", "netns", "add", CUT), "network namespaces need Linux, ip and root: not run");
        try {
            run("ip", "link", "add", "espalier0", "type", "veth", "peer", "name", "espalier1", "netns", CUT);
            run("ip", "addr", "add", "10.213.7.1/24", "dev", "espalier0");
            run("ip", "link", "set", "espalier0", "up");
            run("ip", "-n", CUT, "addr", "add", "10.213.7.2/24", "dev", "espalier1");
            run("ip", "-n", CUT, "link", "set", "espalier1", "up");
            run("ip", "-n", CUT, "link", "set", "lo", "up");
            try (var store = RankStore.open()) {
                var here = rank(List.of(), "10.213.7.1", "" + store.port(), 0, 2, 60, "10.213.7.1");
                var there = rank(
                        List.of("ip", "netns", "exec", CUT), "10.213.7.1", "" + store.port(), 1, 2, 60, "10.213.7.2");
                awaitFirstStep(here);
                run("ip", "-n", CUT, "link", "set", "espalier1", "down");
                TimeUnit.SECONDS.sleep(3);
                assertThat(here.isAlive()).isTrue();
                run("ip", "-n", CUT, "link", "set", "espalier1", "up");
                assertThat(output(here)).endsWith("sum " + STEPS + " x 3.0");
                assertThat(output(there)).endsWith("sum " + STEPS + " x 3.0");
            }
        } finally {
            tryRun("ip", "link", "del", "espalier0");
            tryRun("ip", "netns", "del", CUT);
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(tryRun(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean tryRun(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** A rank that adds up one and two, again and again. */
    static final class Steps {
        private Steps() {}

        public static void main(String[] args) throws InterruptedException {
            var meeting = Meeting.at(args[0], Integer.parseInt(args[1]))
                    .timeout(Duration.ofSeconds(Integer.parseInt(args[4])))
                    .localAddress(args[5]);
            int rank = Integer.parseInt(args[2]);
            try (var scope = Scope.open();
                    var group = ProcessGroup.join(meeting, rank, Integer.parseInt(args[3]))) {
                int right = 0;
                double sum = 0;
                for (int step = 0; step < STEPS; step++) {
                    sum = group.allReduce(Tensor.of(new double[] {rank + 1}, 1), Reduction.SUM)
                            .item();
                    right += sum == 3 ? 1 : 0;
                    System.out.println("step " + step);
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                System.out.println("sum " + right + " x " + sum);
            } catch (NativeException failure) {
                System.out.println(failure.getMessage());
            }
        }
    }
}
