package espalier.optim;

class LookaheadTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.ranger();
    }
}
