package espalier.web.predict;

import static org.assertj.core.api.Assertions.assertThat;

import espalier.format.ModelFile;
import espalier.predict.Engine;
import espalier.predict.ImageTask;
import espalier.predict.Inputs;
import espalier.predict.Prediction;
import espalier.predict.Predictor;
import espalier.testing.TinyModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class BatcherTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    static boolean severalProcessors() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    /** An engine for one run at a time; what it does when it runs is the test's. */
    private static class Scripted implements Engine {
        final AtomicInteger calls = new AtomicInteger();

        @Override
        public String name() {
            return "scripted 1";
        }

        void run() throws Exception {}

        @Override
        public float[][] probabilities(Inputs inputs) {
            calls.incrementAndGet();
            try {
                run();
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
            var rows = new float[inputs.count()][];
            Arrays.fill(rows, new float[] {0.25f, 0.75f});
            return rows;
        }

        @Override
        public void close() {}
    }

    private Loaded loaded(Engine engine) {
        var file = TinyModel.write(folder.resolve("model.safetensors"), 1);
        var task = new ImageTask(ModelFile.load(file).document(), engine, Optional.empty());
        return new Loaded("model", Predictor.of(task), "1", true);
    }

    private static Predictor.Input picture(Loaded model) throws Exception {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return model.predictor().read(bytes.toByteArray());
    }

    /** Until it has begun to run. */
    private static void await(Scripted engine) {
        while (engine.calls.get() == 0) {
            Thread.onSpinWait();
        }
    }

    private static void answers(List<CompletableFuture<Prediction>> pictures) throws Exception {
        for (var picture : pictures) {
            assertThat(picture.get(PATIENCE_SECONDS, TimeUnit.SECONDS).index()).isEqualTo(1);
        }
    }

    /** Each run waits until another one is under way: one after the other they would never end. */
    @Test
    @EnabledIf("severalProcessors")
    void underLoad_runsGoSideBySide() throws Exception {
        var together = new CyclicBarrier(2);
        var many = new Scripted() {
            @Override
            public int runs() {
                return 2;
            }

            @Override
            void run() throws Exception {
                together.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        };
        var model = loaded(new Scripted() {
            @Override
            public Engine parallel() {
                return many;
            }
        });
        try (var batcher =
                new Batcher((seconds, pictures, runs) -> assertThat(runs).isEqualTo(2))) {
            var first = batcher.predict(model, picture(model));
            await(many);
            answers(List.of(first, batcher.predict(model, picture(model))));
        }
        assertThat(many.calls).hasValue(2);
    }

    @Test
    void pictureAlone_hasAllProcessors() throws Exception {
        var engine = new Scripted() {
            @Override
            public Engine parallel() {
                throw new AssertionError("nothing else waits");
            }
        };
        var model = loaded(engine);
        try (var batcher =
                new Batcher((seconds, pictures, runs) -> assertThat(runs).isEqualTo(1))) {
            answers(List.of(batcher.predictNow(model, picture(model))));
        }
        assertThat(engine.calls).hasValue(1);
    }

    @Test
    void engineForOneRun_takesWhatWaitsTogether() throws Exception {
        var go = new Semaphore(0);
        var atOnce = new AtomicInteger();
        var engine = new Scripted() {
            @Override
            void run() throws Exception {
                assertThat(atOnce.incrementAndGet()).isEqualTo(1);
                go.acquire();
                atOnce.decrementAndGet();
            }
        };
        var model = loaded(engine);
        var pictures = new ArrayList<CompletableFuture<Prediction>>();
        try (var batcher = new Batcher((seconds, count, runs) -> {})) {
            pictures.add(batcher.predict(model, picture(model)));
            await(engine);
            for (int i = 0; i < 8; i++) {
                pictures.add(batcher.predict(model, picture(model)));
            }
            go.release(9);
            answers(pictures);
        }
        assertThat(engine.calls.get()).isBetween(2, 3);
    }
}
