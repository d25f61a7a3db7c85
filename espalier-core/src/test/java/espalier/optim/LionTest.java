package espalier.optim;

class LionTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.lion();
    }
}
