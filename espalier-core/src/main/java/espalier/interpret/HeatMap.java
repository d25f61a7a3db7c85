package espalier.interpret;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** How much each part of a picture speaks for something: rows of numbers from 0 up, coarser than the picture. */
public final class HeatMap {
    private static final Color[] SCALE = {
        new Color(0x2B0A54), new Color(0x8C2981), new Color(0xDE4968), new Color(0xFE9F6D), new Color(0xFCFDBF)
    };
    private static final double STRONGEST = 0.65;

    private final float[][] values;

    HeatMap(float[][] values) {
        this.values = values;
    }

    /** The numbers, {@code [row][column]}, in the unit of the model's scores. */
    public float[][] values() {
        float[][] copy = new float[values.length][];
        for (int y = 0; y < copy.length; y++) {
            copy[y] = values[y].clone();
        }
        return copy;
    }

    /** The number at a place of the picture, between the map's own by linear interpolation; {@code x}, {@code y} in [0, 1]. */
    public double at(double x, double y) {
        double row = Math.max(0, Math.min(values.length - 1, y * values.length - 0.5));
        double column = Math.max(0, Math.min(values[0].length - 1, x * values[0].length - 0.5));
        int r = (int) row;
        int c = (int) column;
        int below = Math.min(r + 1, values.length - 1);
        int beside = Math.min(c + 1, values[0].length - 1);
        double top = values[r][c] + (column - c) * (values[r][beside] - values[r][c]);
        double bottom = values[below][c] + (column - c) * (values[below][beside] - values[below][c]);
        return top + (row - r) * (bottom - top);
    }

    /**
     * The picture with the map laid over it, the largest number brightest: from nothing through purple and red to pale
     * yellow, which rises in brightness for every kind of colour vision. A map of zeros leaves the picture as it is.
     *
     * @param picture what the model saw, after cropping, or the parts do not match
     */
    public BufferedImage overlay(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        var painted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = painted.createGraphics();
        g.drawImage(picture, 0, 0, null);
        g.dispose();
        double most = most();
        for (int y = 0; most > 0 && y < height; y++) {
            for (int x = 0; x < width; x++) {
                double heat = at((x + 0.5) / width, (y + 0.5) / height) / most;
                Color under = new Color(painted.getRGB(x, y));
                painted.setRGB(
                        x,
                        y,
                        Theme.mix(under, colour(heat), STRONGEST * Math.sqrt(heat))
                                .getRGB());
            }
        }
        return painted;
    }

    /** Whether no part speaks for it. */
    public boolean isZero() {
        return most() == 0;
    }

    private double most() {
        double most = 0;
        for (float[] row : values) {
            for (float value : row) {
                most = Math.max(most, value);
            }
        }
        return most;
    }

    private static Color colour(double heat) {
        double at = Math.max(0, Math.min(1, heat)) * (SCALE.length - 1);
        int below = Math.min(SCALE.length - 2, (int) at);
        return Theme.mix(SCALE[below], SCALE[below + 1], at - below);
    }
}
