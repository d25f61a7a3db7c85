package espalier.optim;

class AdamaxTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.adamax();
    }
}
