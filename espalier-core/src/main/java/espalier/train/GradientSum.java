package espalier.train;

import espalier.optim.Optimizer;
import espalier.tensor.Grad;
import espalier.tensor.ProcessGroup;
import espalier.tensor.ProcessGroup.Reduction;
import espalier.tensor.Scope;
import espalier.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of all ranks' gradients. They travel in buckets, flattened into one tensor each, since a few large messages are much
 * faster than hundreds of small ones.
 *
 * @param parameters those that are trained, in the same order on all ranks
 */
record GradientSum(List<Tensor> parameters) {
    /** The size of PyTorch's buckets, 25 MB, in numbers of 4 bytes. */
    private static final long BUCKET = 25L << 18;

    static GradientSum of(Optimizer optimizer) {
        return new GradientSum(optimizer.groups().stream()
                .flatMap(group -> group.parameters().stream())
                .filter(Tensor::requiresGrad)
                .toList());
    }

    void run(ProcessGroup group) {
        try (var off = Grad.off()) {
            double[] holders = holders(group);
            List<Tensor> bucket = new ArrayList<>();
            long size = 0;
            for (int i = 0; i < parameters.size(); i++) {
                Tensor parameter = parameters.get(i);
                if (holders[i] == 0) {
                    continue; // nobody has a gradient of it, so the optimiser leaves it alone
                }
                boolean full = size + parameter.numel() > BUCKET;
                if (!bucket.isEmpty()
                        && (full || parameter.dtype() != bucket.get(0).dtype())) {
                    sum(group, bucket);
                    bucket.clear();
                    size = 0;
                }
                bucket.add(parameter);
                size += parameter.numel();
            }
            sum(group, bucket);
        }
    }

    /** How many ranks have a gradient of each parameter: one whose batch was empty has none. */
    private double[] holders(ProcessGroup group) {
        double[] own = parameters.stream()
                .mapToDouble(parameter -> parameter.grad().isPresent() ? 1 : 0)
                .toArray();
        try (var scope = Scope.open()) {
            return group.allReduce(Tensor.of(own, own.length), Reduction.SUM).toDoubleArray();
        }
    }

    private static void sum(ProcessGroup group, List<Tensor> bucket) {
        if (bucket.isEmpty()) {
            return;
        }
        try (var scope = Scope.open()) {
            var pieces = bucket.stream()
                    .map(parameter -> parameter
                            .grad()
                            .orElseGet(() -> Tensor.zerosLike(parameter))
                            .reshape(-1))
                    .toList();
            Tensor all = group.allReduce(Tensor.cat(pieces, 0), Reduction.SUM); // [sum of all sizes]
            long at = 0;
            for (Tensor parameter : bucket) {
                Tensor piece = all.narrow(0, at, parameter.numel())
                        .reshape(parameter.shape().sizes());
                at += parameter.numel();
                var gradient = parameter.grad();
                if (gradient.isPresent()) {
                    gradient.get().copy_(piece);
                } else {
                    parameter.setGrad(piece.copy());
                }
            }
        }
    }
}
