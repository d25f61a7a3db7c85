package espalier.optim;

class SgdTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.sgd().momentum(0.9);
    }
}
