package espalier.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.format.DType;
import espalier.tensor.ProcessGroup.Meeting;
import espalier.tensor.ProcessGroup.Reduction;
import espalier.testing.NoLeaks;
import espalier.testing.RankThreads;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class ProcessGroupTest {
    @Test
    void allReduce_givesAllRanksSumMeanAndLargest() throws Exception {
        var sums = RankThreads.run(3, group -> {
            var sum = group.allReduce(Tensor.of(new float[] {group.rank(), 1, -2}, 3), Reduction.SUM);
            var mean = group.allReduce(Tensor.of(new float[] {group.rank() * 3, 6}, 2), Reduction.MEAN);
            var largest = group.allReduce(Tensor.of(new long[] {group.rank(), -group.rank()}, 2), Reduction.MAX);
            return List.of(
                    sum.toFloatArray(),
                    mean.toFloatArray(),
                    largest.to(DType.FLOAT32).toFloatArray());
        });
        assertThat(sums).hasSize(3).allSatisfy(one -> {
            assertThat(one.get(0)).containsExactly(3, 3, -6);
            assertThat(one.get(1)).containsExactly(3, 6);
            assertThat(one.get(2)).containsExactly(2, 0);
        });
    }

    @Test
    void allReduce_changesParametersAndTensorsWithGaps() throws Exception {
        var sums = RankThreads.run(2, group -> {
            var table = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
            group.allReduce(table.transpose(0, 1), Reduction.SUM);
            group.allReduce(table.select(0, 0), Reduction.SUM);
            return table.toFloatArray();
        });
        assertThat(sums).hasSize(2).allSatisfy(one -> assertThat(one).containsExactly(4, 8, 6, 8));
    }

    @Test
    void broadcast_givesAllRanksWhatOneHas() throws Exception {
        var received = RankThreads.run(2, group -> {
            group.barrier();
            return group.broadcast(Tensor.of(new float[] {group.rank(), 7 * group.rank()}, 2), 1)
                    .toFloatArray();
        });
        assertThat(received).hasSize(2).allSatisfy(one -> assertThat(one).containsExactly(1, 7));
    }

    /** A rank that ends is noticed at once: the timeout is ten minutes. */
    @Test
    void rankThatLeaves_isAnErrorForThoseThatWait() throws Exception {
        var heard = RankThreads.run(2, Duration.ofMinutes(10), group -> {
            if (group.rank() == 1) {
                group.close();
                return "";
            }
            try {
                group.barrier();
                return "nothing";
            } catch (NativeException left) {
                return left.getMessage();
            }
        });
        assertThat(heard.get(0))
                .startsWith("allReduce of rank 0 of 2 failed in libtorch: ")
                .contains("Maybe another rank has failed: its own error says why. Nothing is heard of rank 1 (")
                .endsWith(", process " + ProcessHandle.current().pid() + ").");
    }

    /** X03: of three, one hangs; the others wait no longer than the timeout and name it. */
    @Test
    void X03_rankThatHangs_isNamedByTheOthersAfterTheTimeout() throws Exception {
        var named = new CountDownLatch(2);
        var heard = RankThreads.run(3, Duration.ofMillis(500), group -> {
            try {
                if (group.rank() == 2) {
                    return String.valueOf(named.await(1, TimeUnit.MINUTES));
                }
                group.barrier();
                return "nothing";
            } catch (NativeException timeout) {
                named.countDown();
                return timeout.getMessage();
            }
        });
        assertThat(heard.get(2)).isEqualTo("true");
        assertThat(heard.subList(0, 2))
                .allSatisfy(message -> assertThat(message)
                        .contains("Nothing is heard of rank 2 (")
                        .doesNotContain("of rank 0 (")
                        .doesNotContain("; rank"));
    }

    @Test
    void rankThatDoesNotCome_isAnErrorAfterTheTimeout() {
        try (var store = RankStore.open()) {
            var meeting = Meeting.at("127.0.0.1", store.port())
                    .localAddress("127.0.0.1")
                    .timeout(Duration.ofMillis(300));
            assertThatThrownBy(() -> ProcessGroup.join(meeting, 0, 2))
                    .isInstanceOf(NativeException.class)
                    .hasMessageStartingWith("joining group as rank 0 of 2 failed in libtorch: ")
                    .hasMessageEndingWith("Maybe not all ranks were started, or one of them cannot reach the others.");
        }
    }

    @Test
    void storeThatIsNotThere_isNamed() {
        int port;
        try (var store = RankStore.open()) {
            port = store.port();
        }
        var meeting = Meeting.at("127.0.0.1", port).timeout(Duration.ofMillis(300));
        assertThatThrownBy(() -> ProcessGroup.join(meeting, 0, 1))
                .isInstanceOf(NativeException.class)
                .hasMessageStartingWith("rank store at 127.0.0.1:" + port + " failed in libtorch: ")
                .hasMessageEndingWith("Maybe rank 0 has not opened it yet, or a firewall is between.");
    }

    @Test
    void wrongNumbers_areRefused() {
        var meeting = Meeting.at("127.0.0.1", 1);
        assertThatThrownBy(() -> ProcessGroup.join(meeting, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a group of 2 has no rank 2");
        assertThatThrownBy(() -> meeting.timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
        assertThatThrownBy(() -> RankStore.open(70_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("70000");
    }

    /** Processes of their own, as on machines of their own. */
    @Test
    @Tag("slow")
    void processes_meetToo() throws Exception {
        try (var store = RankStore.open()) {
            var launcher = Path.of(System.getProperty("java.home"), "bin", "java");
            var process = new ProcessBuilder(
                            launcher.toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            String.valueOf(store.port()))
                    .redirectErrorStream(true)
                    .start();
            try (var scope = Scope.open();
                    var group = ProcessGroup.join(OtherProcess.meeting(store.port()), 0, 2)) {
                var sum = group.allReduce(Tensor.of(new float[] {1, 2}, 2), Reduction.SUM);
                assertThat(sum.toFloatArray()).containsExactly(11, 22);
                assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("[11.0, 22.0]");
                assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
        }
    }

    /** Rank 1 of two. */
    static final class OtherProcess {
        private OtherProcess() {}

        static Meeting meeting(int port) {
            return Meeting.at("127.0.0.1", port).localAddress("127.0.0.1").timeout(Duration.ofMinutes(2));
        }

        public static void main(String[] args) {
            try (var scope = Scope.open();
                    var group = ProcessGroup.join(meeting(Integer.parseInt(args[0])), 1, 2)) {
                var sum = group.allReduce(Tensor.of(new float[] {10, 20}, 2), Reduction.SUM);
                System.out.println(Arrays.toString(sum.toFloatArray()));
            }
        }
    }
}
