package espalier.spark;

import espalier.files.Folders;
import espalier.tensor.Machine;
import espalier.tensor.ProcessGroup;
import espalier.tensor.ProcessGroup.Meeting;
import espalier.tensor.RankStore;
import espalier.tensor.Scope;
import espalier.train.Callback;
import espalier.train.Fit;
import espalier.train.Step;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.BarrierTaskContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** What each task of the barrier stage does: it finds the others, trains its share, and the first gives the model file. */
final class RankTask extends AbstractFunction1<Iterator<Integer>, Iterator<byte[][]>> implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int PIECE = 64 << 20;

    private final SentTraining sent;
    private final CheckpointFolder checkpoints;
    private final Duration timeout;

    RankTask(SentTraining sent, CheckpointFolder checkpoints, Duration timeout) {
        this.sent = sent;
        this.checkpoints = checkpoints;
        this.timeout = timeout;
    }

    @Override
    public Iterator<byte[][]> apply(Iterator<Integer> ranks) {
        var context = BarrierTaskContext.get();
        Machine.threads(context.cpus());
        boolean first = context.partitionId() == 0;
        Optional<RankStore> store = first ? Optional.of(RankStore.open()) : Optional.empty();
        try {
            String port = context.allGather(
                            store.map(open -> String.valueOf(open.port())).orElse(""))[0];
            var meeting = Meeting.at(host(context, 0), Integer.parseInt(port))
                    .name("attempt-" + context.stageAttemptNumber())
                    .localAddress(host(context, context.partitionId()))
                    .timeout(timeout);
            try (var scope = Scope.open();
                    var group = ProcessGroup.join(meeting, context.partitionId(), context.getTaskInfos().length)) {
                var models = train(context, group);
                group.barrier(); // nobody leaves before the model file is whole
                return CollectionConverters.asScala(models.iterator());
            }
        } finally {
            store.ifPresent(RankStore::close);
        }
    }

    private static String host(BarrierTaskContext context, int rank) {
        String address = context.getTaskInfos()[rank].address();
        return address.substring(0, address.lastIndexOf(':'));
    }

    /** Trains in a folder of this machine; returns the model file, of the first rank alone. */
    private List<byte[][]> train(BarrierTaskContext context, ProcessGroup group) {
        try {
            Path folder = Files.createTempDirectory("espalier-rank-");
            try {
                var training = sent.training(folder.resolve("model.safetensors"));
                Path own = training.checkpoints().folder();
                if (training.resume() || context.stageAttemptNumber() > 0) {
                    checkpoints.fetch(own);
                    training = training.resume(true);
                }
                try (var open = training.open()) {
                    open.learner().distributed(group);
                    if (open.run(new Watch(context, own)).interrupted()) {
                        throw new IllegalStateException(
                                "the training was cancelled. Its checkpoints are in " + checkpoints.folder() + ".");
                    }
                }
                return group.rank() == 0 ? List.<byte[][]>of(read(training.out())) : List.of();
            } finally {
                Folders.delete(folder);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[][] read(Path file) throws IOException {
        var pieces = new ArrayList<byte[]>();
        try (var stream = Files.newInputStream(file)) {
            for (byte[] piece = stream.readNBytes(PIECE); piece.length > 0; piece = stream.readNBytes(PIECE)) {
                pieces.add(piece);
            }
        }
        return pieces.toArray(byte[][]::new);
    }

    /** Sends checkpoints to where all reach them, and ends the training when Spark cancels the task. */
    private final class Watch implements Callback {
        private final BarrierTaskContext context;
        private final Path own;

        Watch(BarrierTaskContext context, Path own) {
            this.context = context;
            this.own = own;
        }

        @Override
        public Phase phase() {
            return Phase.REPORT;
        }

        @Override
        public void beforeBatch(Fit fit, Step step) {
            if (context.isInterrupted()) {
                fit.learner().interrupt();
            }
        }

        @Override
        public void afterEpoch(Fit fit) {
            if (fit.learner().rank() == 0) {
                checkpoints.add(own);
            }
        }
    }
}
