package espalier.examples.book;

import espalier.nn.Linear;
import espalier.nn.Module;
import espalier.tensor.Tensor;

/** Three linear maps on the pixels of a 64 by 64 picture. */
// region network
public final class SimpleNet extends Module {
    private final Linear fc1 = child("fc1", Linear.of(12288, 84));
    private final Linear fc2 = child("fc2", Linear.of(84, 50));
    private final Linear fc3 = child("fc3", Linear.of(50, 2));

    @Override
    public Tensor forward(Tensor x) { // [N, 3, 64, 64]
        x = x.reshape(-1, 12288); // [N, 12288]
        x = fc1.forward(x).relu(); // [N, 84]
        x = fc2.forward(x).relu(); // [N, 50]
        return fc3.forward(x); // [N, 2]
    }
}
// endregion
