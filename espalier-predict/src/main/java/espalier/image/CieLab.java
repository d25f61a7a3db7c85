package espalier.image;

/**
 * Colours of CIE 1976 L*a*b* under the white of D50, as TIFF stores them in bytes, brought to sRGB.
 *
 * @paper Adobe 1992, "TIFF, revision 6.0", section 23; IEC 61966-2-1, sRGB, with Bradford's adaptation from D50 to D65
 */
final class CieLab {
    private static final double[] D50 = {0.9642, 1, 0.8249};
    private static final double[][] LINEAR = {
        {3.1338561, -1.6168667, -0.4906146}, {-0.9787684, 1.9161415, 0.0334540}, {0.0719453, -0.2289914, 1.4052427}
    };

    private CieLab() {}

    /** Turns triples of lightness 0 to 255 and two signed bytes into red, green and blue, in place. */
    static void toRgb(byte[] pixels) {
        double[] xyz = new double[3];
        for (int i = 0; i + 2 < pixels.length; i += 3) {
            double y = ((pixels[i] & 0xff) / 2.55 + 16) / 116;
            xyz[0] = D50[0] * cube(y + pixels[i + 1] / 500.0);
            xyz[1] = D50[1] * cube(y);
            xyz[2] = D50[2] * cube(y - pixels[i + 2] / 200.0);
            for (int c = 0; c < 3; c++) {
                double[] row = LINEAR[c];
                pixels[i + c] = gamma(row[0] * xyz[0] + row[1] * xyz[1] + row[2] * xyz[2]);
            }
        }
    }

    private static double cube(double t) {
        return t > 6 / 29.0 ? t * t * t : 3 * (6 / 29.0) * (6 / 29.0) * (t - 4 / 29.0);
    }

    private static byte gamma(double linear) {
        double value = Math.min(1, Math.max(0, linear));
        double curved = value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
        return (byte) Math.round(255 * curved);
    }
}
