package espalier.app;

import espalier.testing.plain.SizeContract;

/** The budget of lines that this module keeps. */
class SizeTest implements SizeContract {
    @Override
    public int files() {
        return 40;
    }
}
