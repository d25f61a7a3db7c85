package espalier.optim;

class NAdamTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.nadam();
    }
}
