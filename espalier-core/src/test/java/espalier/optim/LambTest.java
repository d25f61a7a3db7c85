package espalier.optim;

class LambTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.lamb();
    }
}
