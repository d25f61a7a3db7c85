package espalier.tensor;

import java.util.LinkedHashMap;
import java.util.Map;

/** What may help when libtorch refuses an operation: its sentences are right, but say nothing of this API. */
final class Hints {
    /** Part of a message in lower case, and the advice; the first that fits is given. */
    private static final Map<String, String> ADVICE = new LinkedHashMap<>();

    static {
        ADVICE.put("address already in use", "another program has this port: choose another, or 0 for a free one");
        ADVICE.put("client socket has timed out", "rank 0 has not opened it yet, or a firewall is between");
        ADVICE.put("connection closed by peer", "another rank has failed: its own error says why");
        ADVICE.put("connection reset by peer", "another rank has failed: its own error says why");
        ADVICE.put("wait timeout", "not all ranks were started, or one of them cannot reach the others");
        ADVICE.put("timed out waiting", "another rank hangs, or needs longer than the timeout");
        ADVICE.put("graph a second time", "keep the record the first time: backward(Grad.Graph.RETAIN)");
        ADVICE.put("appears to not have been used in the graph", "the output was computed from other tensors");
        ADVICE.put("does not require grad", "call requiresGrad(true) on it before computing");
        ADVICE.put("leaf variable that requires grad", "change it inside of Grad.off(), or a copy of it");
        ADVICE.put("modified by an inplace operation", "use the form without the underscore");
        ADVICE.put("unsupported operation: some elements of the input", "copy the expanded tensor first");
        ADVICE.put("singular", "add a small number to the diagonal");
        ADVICE.put("positive-definite", "add a small number to the diagonal");
        ADVICE.put("primitive descriptor", "compute it in float32: this processor cannot in the type that was given");
        ADVICE.put("result type", "convert one of them with to(DType)");
        ADVICE.put("expected scalar type", "convert one of them with to(DType)");
        ADVICE.put("same dtype", "convert one of them with to(DType)");
        ADVICE.put("not implemented for", "convert it with to(DType.FLOAT32)");
        ADVICE.put("could not infer dtype", "convert it with to(DType.FLOAT32)");
        ADVICE.put("floating point", "convert it with to(DType.FLOAT32)");
        ADVICE.put("out of range", "an index counts from 0 to the size less 1");
        ADVICE.put("out of bounds", "an index counts from 0 to the size less 1");
        ADVICE.put("not enough memory", "use a smaller batch");
        ADVICE.put("can't allocate memory", "use a smaller batch");
        ADVICE.put("out of memory", "use a smaller batch");
        ADVICE.put("probability", "no weight may be negative, infinite or NaN, and their sum must be positive");
    }

    private Hints() {}

    /** A sentence to put behind the message. */
    static String of(String message) {
        String lower = message.toLowerCase(java.util.Locale.ROOT);
        String advice = ADVICE.entrySet().stream()
                .filter(entry -> lower.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("compare the shapes and types of what was given");
        return (message.endsWith(".") ? "" : ".") + " Maybe " + advice + ".";
    }
}
