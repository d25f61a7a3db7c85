package espalier.interpret;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/**
 * The colours and fonts of all plots and reports, on light or on dark ground. Series and cells can be told apart with
 * any kind of colour vision; right is blue and wrong is orange, never green and red.
 *
 * @paper Okabe, Ito, "Color Universal Design", 2008, https://jfly.uni-koeln.de/color/: the series' colours; those that
 *     are too pale or too dark for the ground are left out.
 */
public enum Theme {
    /** Dark ink on white. */
    LIGHT(
            new Color(0xFFFFFF),
            new Color(0xF5F7F9),
            new Color(0x1B2128),
            new Color(0x58626E),
            new Color(0xD8DEE4),
            new Color(0x00609A),
            new Color(0xB54A00)),
    /** Light ink on near black. */
    DARK(
            new Color(0x14181D),
            new Color(0x1D232A),
            new Color(0xE7EBEF),
            new Color(0xA5B0BC),
            new Color(0x38424D),
            new Color(0x56B4E9),
            new Color(0xFF9A57));

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

    private static final int[] ON_LIGHT = {
        0x0072B2, 0xD55E00, 0x009E73, 0xB8588F, 0x2F9BD6, 0xB98000, 0x1B2128, 0x7A6FC2
    };
    private static final int[] ON_DARK = {0x56B4E9, 0xFF9A57, 0x35C79C, 0xE59BC6, 0xF0E442, 0x9DB8FF, 0xE7EBEF, 0xE69F00
    };

    private final Color ground;
    private final Color surface;
    private final Color ink;
    private final Color muted;
    private final Color line;
    private final Color right;
    private final Color wrong;

    Theme(Color ground, Color surface, Color ink, Color muted, Color line, Color right, Color wrong) {
        this.ground = ground;
        this.surface = surface;
        this.ink = ink;
        this.muted = muted;
        this.line = line;
        this.right = right;
        this.wrong = wrong;
    }

    /** What everything is painted on. */
    public Color ground() {
        return ground;
    }

    /** The ground of panels and table heads. */
    public Color surface() {
        return surface;
    }

    /** Text. */
    public Color ink() {
        return ink;
    }

    /** Text of less weight; readable on {@link #ground} and {@link #surface}. */
    public Color muted() {
        return muted;
    }

    /** Grid lines and borders. */
    public Color line() {
        return line;
    }

    /** Right predictions. */
    public Color right() {
        return right;
    }

    /** Wrong predictions. */
    public Color wrong() {
        return wrong;
    }

    /** The colours of the series of a plot, in their order; more series begin again with other strokes. */
    public Color series(int index) {
        int[] series = this == DARK ? ON_DARK : ON_LIGHT;
        return new Color(series[index % series.length]);
    }

    /** The stroke of a series: solid for the first round of colours, then dashed, then dotted. */
    static BasicStroke stroke(int index) {
        float[][] dashes = {{}, {7, 4}, {2, 3}};
        float[] dash = dashes[Math.min(dashes.length - 1, index / ON_LIGHT.length)];
        return dash.length == 0
                ? new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                : new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
    }

    /**
     * The colour of a cell of a confusion matrix. The root of the share is taken, so that one wrong item in a hundred
     * can be seen.
     */
    Color cell(double share, boolean diagonal) {
        return share <= 0 ? ground : mix(ground, diagonal ? right : wrong, 0.08 + 0.92 * Math.sqrt(Math.min(1, share)));
    }

    /** The ink that reads best on a colour. */
    static Color inkOn(Color colour) {
        return contrast(colour, Color.WHITE) >= contrast(colour, Color.BLACK) ? Color.WHITE : Color.BLACK;
    }

    /** A colour between two. */
    static Color mix(Color from, Color to, double share) {
        return new Color(
                (int) Math.round(from.getRed() + share * (to.getRed() - from.getRed())),
                (int) Math.round(from.getGreen() + share * (to.getGreen() - from.getGreen())),
                (int) Math.round(from.getBlue() + share * (to.getBlue() - from.getBlue())));
    }

    /** The contrast of two colours as the Web Content Accessibility Guidelines 2.2 define it, 1 to 21. */
    static double contrast(Color a, Color b) {
        double la = luminance(a);
        double lb = luminance(b);
        return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
    }

    /** Switches on smooth lines and text. */
    static void smooth(Graphics2D g) {
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    private static double luminance(Color c) {
        return 0.2126 * linear(c.getRed()) + 0.7152 * linear(c.getGreen()) + 0.0722 * linear(c.getBlue());
    }

    private static double linear(int channel) {
        double v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
}
