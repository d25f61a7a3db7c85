package espalier.optim;

class AdamTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.adam();
    }
}
