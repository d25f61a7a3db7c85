package espalier.optim;

class RmsPropTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.rmsprop().momentum(0.5).withCentering();
    }
}
