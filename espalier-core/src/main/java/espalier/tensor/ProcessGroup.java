package espalier.tensor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.ReduceOp;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Work;

/**
 * Several processes, or threads, that compute together: each has a rank from 0, and all call the same operations in the same
 * order. PyTorch's {@code torch.distributed} with its backend Gloo.
 *
 * <pre>{@code
 * try (var group = ProcessGroup.join(Meeting.at("10.0.0.1", 29500), rank, 4)) {
 *     group.allReduce(gradients, Reduction.MEAN);
 * }
 * }</pre>
 *
 * <p>Somebody has opened a {@link RankStore} at that address. The ranks connect to each other directly, on ports that the system
 * chooses, without encryption: for networks that are trusted. When one ends or fails, the operation that the others wait in
 * fails at once; when one hangs, after the {@link Meeting#timeout}. The error names the ranks that are not heard of, and their
 * machines. A group is used by one thread at a time.
 */
public final class ProcessGroup implements AutoCloseable {
    /** What becomes of the values of all ranks. */
    public enum Reduction {
        /** Their sum. */
        SUM,
        /** Their sum, divided by the number of ranks. */
        MEAN,
        /** The largest. */
        MAX
    }

    /**
     * Where and how ranks meet.
     *
     * @param host the machine of the {@link RankStore}
     * @param port its port
     * @param name of this meeting: ranks meet those who say the same name. A group that is made anew needs another
     * @param timeout how long a rank waits for others, 30 minutes unless told, as in PyTorch
     * @param localAddress the address of this machine that the other ranks can reach; empty: that of its host name, or of the
     *     interface that the environment variable {@code GLOO_SOCKET_IFNAME} names. Linux only
     */
    public record Meeting(String host, int port, String name, Duration timeout, Optional<String> localAddress) {
        /** Checks that the timeout is positive. */
        public Meeting {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("ranks must wait for each other, received a timeout of " + timeout
                        + ". Maybe Duration.ofMinutes(5) was meant.");
            }
        }

        /** At a store's address, by the other defaults. */
        public static Meeting at(String host, int port) {
            return new Meeting(host, port, "group", Duration.ofMinutes(30), Optional.empty());
        }

        /** The same under another name. */
        public Meeting name(String other) {
            return new Meeting(host, port, other, timeout, localAddress);
        }

        /** The same with another timeout. */
        public Meeting timeout(Duration other) {
            return new Meeting(host, port, name, other, localAddress);
        }

        /** The same with an address of this machine, such as {@code "127.0.0.1"}. */
        public Meeting localAddress(String address) {
            return new Meeting(host, port, name, timeout, Optional.of(address));
        }
    }

    private final int rank;
    private final int size;
    private final Duration timeout;
    private final Natives natives;
    private boolean closed;

    /** What libtorch has of the group. The group goes first, since its end uses the stores and it does not own them. */
    private record Natives(ProcessGroupGloo gloo, PrefixStore named, TCPStore store, RollCall rollCall) {
        static Natives of(Meeting meeting, TCPStore store, int rank, int size) {
            return Native.run("joining " + meeting.name() + " as rank " + rank + " of " + size, () -> {
                var named = new PrefixStore(meeting.name() + "/", store);
                var gloo = new ProcessGroupGloo(named, rank, size, options(meeting));
                named.retainReference();
                gloo.retainReference();
                return new Natives(gloo, named, store, RollCall.enter(named, rank, size, meeting.host()));
            });
        }

        void free() {
            if (rollCall.waits()) {
                return; // for a store that hangs: what it uses must stay
            }
            gloo.releaseReference();
            named.releaseReference();
            store.releaseReference();
        }
    }

    private ProcessGroup(int rank, int size, Duration timeout, Natives natives) {
        this.rank = rank;
        this.size = size;
        this.timeout = timeout;
        this.natives = natives;
    }

    /**
     * Joins the group; returns when all ranks have.
     *
     * @param rank of the caller, from 0
     * @param size the number of ranks
     * @throws NativeException when the store cannot be reached, or not all ranks come in time
     */
    public static ProcessGroup join(Meeting meeting, int rank, int size) {
        if (size < 1 || rank < 0 || rank >= size) {
            throw new IllegalArgumentException("a group of " + size + " has no rank " + rank
                    + ": expected 0 or more, and less than the number of ranks.");
        }
        var store = RankStore.connect(meeting.host(), meeting.port(), false, meeting.timeout());
        try {
            return new ProcessGroup(rank, size, meeting.timeout(), Natives.of(meeting, store, rank, size));
        } catch (RuntimeException | Error failure) {
            store.releaseReference();
            throw failure;
        }
    }

    private static ProcessGroupGloo.Options options(Meeting meeting) {
        var timeout = new Milliseconds(meeting.timeout().toMillis());
        if (meeting.localAddress().isEmpty()) {
            return ProcessGroupGloo.Options.create_default(timeout);
        }
        var device =
                ProcessGroupGloo.createDeviceForHostname(meeting.localAddress().get());
        var options = ProcessGroupGloo.Options.create(timeout);
        options.devices(new GlooDeviceVector(device));
        return options;
    }

    /** The caller's place in the group, from 0. */
    public int rank() {
        return rank;
    }

    /** The number of ranks. */
    public int size() {
        return size;
    }

    /**
     * Puts the same value into {@code tensor} on all ranks: element by element what {@code reduction} makes of all of theirs. The
     * tensors have the same shape and type everywhere. Nothing is recorded for gradients.
     *
     * @return {@code tensor}
     * @throws NativeException when another rank has failed, or is not heard of in time
     */
    public Tensor allReduce(Tensor tensor, Reduction reduction) {
        boolean largest = reduction == Reduction.MAX;
        onWhole("allReduce", tensor, whole -> {
            var options = new AllreduceOptions();
            options.reduceOp(new ReduceOp(largest ? ReduceOp.RedOpType.MAX : ReduceOp.RedOpType.SUM));
            return natives.gloo.allreduce(Native.vector(List.of(whole)), options);
        });
        if (reduction == Reduction.MEAN) {
            try (var off = Grad.off()) {
                tensor.div_(size);
            }
        }
        return tensor;
    }

    /** Puts what a rank has in {@code tensor} into that of all ranks; returns it. The shapes and types are the same everywhere. */
    public Tensor broadcast(Tensor tensor, int from) {
        onWhole("broadcast", tensor, whole -> {
            var options = new BroadcastOptions();
            options.rootRank(from);
            return natives.gloo.broadcast(Native.vector(List.of(whole)), options);
        });
        return tensor;
    }

    /** Waits until all ranks are here. */
    public void barrier() {
        try (var scope = Scope.open()) {
            allReduce(Tensor.zeros(1), Reduction.SUM);
        }
    }

    /** A native call that works on tensors without gaps. */
    private interface Collective {
        Work start(Tensor whole);
    }

    private void onWhole(String op, Tensor tensor, Collective collective) {
        if (closed) {
            throw new IllegalStateException(op + ": this group was closed. Maybe it was left too early.");
        }
        try (var scope = Scope.open();
                var off = Grad.off()) {
            boolean direct = tensor.isContiguous() && tensor.device().equals(Device.cpu());
            Tensor whole = direct ? tensor : tensor.to(Device.cpu()).contiguous();
            try {
                Native.run(op + " of rank " + rank + " of " + size, () -> {
                    collective.start(whole)._wait(new Milliseconds(timeout.toMillis()));
                    return whole;
                });
            } catch (NativeException failure) {
                throw new NativeException(failure.getMessage() + natives.rollCall.missing(), failure);
            }
            if (!direct) {
                tensor.copy_(whole);
            }
        }
    }

    /** Leaves the group; what others wait for from this rank fails. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            natives.free();
        }
    }
}
