package espalier.cli;

/** What most of a model for prediction computes with. */
enum Precision {
    /** Floating point numbers of 32 bits. */
    FLOAT32,
    /** Whole numbers of 8 bits. */
    INT8
}
