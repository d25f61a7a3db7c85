package espalier.bench;

import espalier.collect.Verify;
import espalier.image.ImageReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Verifying a folder of pictures, as a multiple of decoding all of them once with as many threads. */
public final class VerifyPasses {
    private VerifyPasses() {}

    /** Options: {@code --data DIR --rounds 5}. */
    public static void main(String[] args) throws Exception {
        Path data = Path.of(Photos.option(args, "data", "."));
        int rounds = Integer.parseInt(Photos.option(args, "rounds", "5"));
        var files = files(data);
        double[] verify = new double[rounds];
        double[] decode = new double[rounds];
        time(() -> decode(files)); // both warm
        time(() -> Verify.of(data).run());
        for (int i = 0; i < rounds; i++) {
            decode[i] = time(() -> decode(files));
            verify[i] = time(() -> Verify.of(data).run());
        }
        Arrays.sort(verify);
        Arrays.sort(decode);
        double passes = verify[rounds / 2] / decode[rounds / 2];
        System.out.println(JsonMapper.builder()
                .build()
                .writeValueAsString(Map.of(
                        "pictures",
                        files.size(),
                        "verify_seconds",
                        verify[rounds / 2],
                        "decode_seconds",
                        decode[rounds / 2],
                        "passes",
                        passes)));
    }

    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> walk = Files.walk(data)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static Object decode(List<Path> files) throws Exception {
        var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            for (var done : pool.invokeAll(files.stream()
                    .<Callable<Integer>>map(file -> () -> decode(file))
                    .toList())) {
                done.get();
            }
            return files;
        } finally {
            pool.shutdownNow();
        }
    }

    private static int decode(Path file) {
        return ImageReader.of().read(file).width();
    }

    private static double time(Callable<?> work) throws Exception {
        long begin = System.nanoTime();
        work.call();
        return (System.nanoTime() - begin) / 1e9;
    }
}
