package espalier.optim;

/** Any optimiser with another weight decay. */
record Decaying(OptimizerFactory inner, double weightDecay) implements OptimizerFactory {
    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public double momentum() {
        return inner.momentum();
    }

    @Override
    public UpdateRule rule() {
        return inner.rule();
    }
}
