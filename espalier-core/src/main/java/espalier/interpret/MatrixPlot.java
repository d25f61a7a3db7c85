package espalier.interpret;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** Paints a confusion matrix: a cell for each pair of classes, names at the sides, counts or percents inside. */
final class MatrixPlot {
    private static final int MOST_CLASSES = 60;
    private static final int PAD = 18;
    private static final int TOP = 58;
    private static final double SLANT = Math.toRadians(45);

    private final ConfusionMatrix matrix;
    private final boolean normalised;
    private final ConfusionMatrix whole;
    private final List<String> names;
    private final int cell;
    private final Font font;

    private MatrixPlot(ConfusionMatrix matrix, boolean normalised) {
        this.matrix = matrix.withOthers(MOST_CLASSES);
        this.whole = matrix;
        this.normalised = normalised;
        this.names = Names.distinct(this.matrix.classes(), 26);
        this.cell = Math.max(22, Math.min(72, 900 / Math.max(1, names.size())));
        this.font = cell < 26 ? Theme.SMALL : Theme.LABEL;
    }

    /** @param normalised percents of the row instead of counts */
    static Plot of(ConfusionMatrix matrix, boolean normalised) {
        String alternative = (normalised ? "Confusion matrix, shares of each row, of " : "Confusion matrix of ")
                + matrix.total() + " items in " + matrix.classes().size() + " classes, accuracy "
                + Names.percent(matrix.accuracy());
        return new Plot(alternative, theme -> new MatrixPlot(matrix, normalised).paint(theme));
    }

    private BufferedImage paint(Theme theme) {
        int widest = widest();
        int left = PAD + 22 + widest + 8;
        int size = cell * names.size();
        int below = (int) Math.ceil((widest + 16) * Math.sin(SLANT)) + 34;
        int width = Math.max(340, left + size + PAD + 8);
        return Plot.paint(width, TOP + size + below + PAD, theme, g -> {
            head(g, theme);
            cells(g, theme, left);
            labels(g, theme, left, size);
            axes(g, theme, left, size, below);
        });
    }

    private void head(Graphics2D g, Theme theme) {
        g.setFont(Theme.TITLE);
        g.setColor(theme.ink());
        g.drawString(normalised ? "Confusion matrix, percent of the row" : "Confusion matrix", PAD, PAD + 12);
        g.setFont(Theme.LABEL);
        g.setColor(theme.muted());
        int all = whole.classes().size();
        String part = hasOthers()
                ? ", all " + all + " classes; shown are the " + MOST_CLASSES
                        + " with most errors, and the others as one"
                : "";
        g.drawString(
                "accuracy " + Names.percent(whole.accuracy()) + " of " + whole.total() + " items" + part,
                PAD,
                PAD + 31);
    }

    private boolean hasOthers() {
        return whole.classes().size() > MOST_CLASSES;
    }

    private void cells(Graphics2D g, Theme theme, int left) {
        for (int a = 0; a < names.size(); a++) {
            for (int p = 0; p < names.size(); p++) {
                int x = left + p * cell;
                int y = TOP + a * cell;
                boolean among = hasOthers() && a == MOST_CLASSES && p == MOST_CLASSES; // neither right nor wrong
                Color colour = theme.cell(among ? 0 : matrix.share(a, p), a == p);
                g.setColor(colour);
                g.fillRect(x, y, cell, cell);
                g.setColor(theme.line());
                g.drawRect(x, y, cell, cell);
                if (matrix.count(a, p) > 0) {
                    long number = normalised ? Math.round(100 * matrix.share(a, p)) : matrix.count(a, p);
                    number(g, number, x, y, Theme.inkOn(colour));
                }
            }
        }
    }

    private void number(Graphics2D g, long count, int x, int y, Color ink) {
        String text = Long.toString(count);
        float size = Math.min(15, Math.max(9, cell * 0.4f));
        Font sized = font.deriveFont(size);
        int fits = cell - 3;
        if (g.getFontMetrics(sized).stringWidth(text) > fits && count >= 1000) {
            text = count >= 1_000_000 ? count / 1_000_000 + "M" : count / 1000 + "k";
        }
        while (size > 7 && g.getFontMetrics(sized).stringWidth(text) > fits) {
            size -= 0.5f;
            sized = font.deriveFont(size);
        }
        g.setFont(sized);
        FontMetrics metrics = g.getFontMetrics();
        g.setColor(ink);
        g.drawString(
                text,
                x + (cell - metrics.stringWidth(text)) / 2f,
                y + (cell + metrics.getAscent() - metrics.getDescent()) / 2f);
    }

    private void labels(Graphics2D g, Theme theme, int left, int size) {
        g.setFont(font);
        FontMetrics metrics = g.getFontMetrics();
        g.setColor(theme.ink());
        float middle = (metrics.getAscent() - metrics.getDescent()) / 2f;
        for (int c = 0; c < names.size(); c++) {
            String name = names.get(c);
            float centre = (c + 0.5f) * cell;
            g.drawString(name, left - 8 - metrics.stringWidth(name), TOP + centre + middle);
            var before = g.getTransform();
            g.translate(left + centre + middle * 0.7, TOP + size + 12);
            g.rotate(-SLANT);
            g.drawString(name, -metrics.stringWidth(name), middle);
            g.setTransform(before);
        }
    }

    private static void axes(Graphics2D g, Theme theme, int left, int size, int below) {
        g.setFont(Theme.LABEL.deriveFont(Font.BOLD));
        g.setColor(theme.muted());
        FontMetrics metrics = g.getFontMetrics();
        g.drawString("predicted", left + (size - metrics.stringWidth("predicted")) / 2f, TOP + size + below - 6f);
        var before = g.getTransform();
        g.translate(PAD + 8, TOP + (size + metrics.stringWidth("actual")) / 2.0);
        g.rotate(-Math.PI / 2);
        g.drawString("actual", 0, 0);
        g.setTransform(before);
    }

    private int widest() {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            Theme.smooth(g);
            FontMetrics metrics = g.getFontMetrics(font);
            return names.stream().mapToInt(metrics::stringWidth).max().orElse(0);
        } finally {
            g.dispose();
        }
    }
}
