package espalier.vision.augment;

import espalier.image.Image;

/** Shrinks a picture by averaging the cells of a grid, which overlap by a pixel where they do not fit. */
final class Averaging {
    private static final int CHANNELS = 3;

    private Averaging() {}

    static Image shrink(Image picture, int rows, int columns) {
        byte[] less = new byte[CHANNELS * rows * columns];
        for (int i = 0; i < rows; i++) {
            int top = start(i, picture.height(), rows);
            int bottom = end(i, picture.height(), rows);
            for (int j = 0; j < columns; j++) {
                int left = start(j, picture.width(), columns);
                int right = end(j, picture.width(), columns);
                mean(picture, new int[] {top, bottom, left, right}, less, CHANNELS * (i * columns + j));
            }
        }
        return Image.of(columns, rows, less);
    }

    private static int start(int cell, int size, int cells) {
        return (int) ((long) cell * size / cells);
    }

    private static int end(int cell, int size, int cells) {
        return (int) (((cell + 1L) * size + cells - 1) / cells);
    }

    private static void mean(Image picture, int[] cell, byte[] less, int at) {
        byte[] rgb = picture.data();
        int[] sums = new int[CHANNELS];
        for (int i = cell[0]; i < cell[1]; i++) {
            for (int j = cell[2]; j < cell[3]; j++) {
                int from = CHANNELS * (i * picture.width() + j);
                sums[0] += rgb[from] & 0xff;
                sums[1] += rgb[from + 1] & 0xff;
                sums[2] += rgb[from + 2] & 0xff;
            }
        }
        int count = (cell[1] - cell[0]) * (cell[3] - cell[2]);
        for (int c = 0; c < CHANNELS; c++) {
            less[at + c] = (byte) ((sums[c] + count / 2) / count);
        }
    }
}
