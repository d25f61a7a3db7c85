package espalier.optim;

class AdagradTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.adagrad();
    }
}
