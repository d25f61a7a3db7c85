package espalier.optim;

class LarsTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.lars();
    }
}
