package espalier.optim;

class RAdamTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.radam();
    }
}
