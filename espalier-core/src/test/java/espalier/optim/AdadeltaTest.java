package espalier.optim;

class AdadeltaTest extends OptimizerContract {
    @Override
    OptimizerFactory factory() {
        return Optimizers.adadelta().eps(0.1);
    }
}
