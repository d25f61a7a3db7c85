package espalier.interpret;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Function;

/** Paints pictures of items in rows, with what was predicted and what is right below each. */
final class GridPlot {
    private static final int SIDE = 200;
    private static final int TEXT = 58;
    private static final int GAP = 16;

    private final List<TopLosses.Item> items;
    private final Function<String, BufferedImage> pictures;

    private GridPlot(List<TopLosses.Item> items, Function<String, BufferedImage> pictures) {
        this.items = List.copyOf(items);
        this.pictures = pictures;
    }

    static Plot of(List<TopLosses.Item> items, Function<String, BufferedImage> pictures) {
        long wrong = items.stream().filter(item -> !item.isRight()).count();
        String alternative = items.size() + " pictures with predicted and right class, " + wrong + " of them wrong";
        return new Plot(alternative, theme -> new GridPlot(items, pictures).paint(theme));
    }

    private BufferedImage paint(Theme theme) {
        int columns = Math.max(1, Math.min(6, (int) Math.ceil(Math.sqrt(items.size()))));
        int rows = Math.max(1, (items.size() + columns - 1) / columns);
        int width = GAP + columns * (SIDE + GAP);
        int height = GAP + rows * (SIDE + TEXT + GAP);
        return Plot.paint(width, height, theme, g -> {
            for (int i = 0; i < items.size(); i++) {
                int x = GAP + i % columns * (SIDE + GAP);
                int y = GAP + i / columns * (SIDE + TEXT + GAP);
                picture(g, theme, items.get(i), x, y);
                caption(g, theme, items.get(i), x, y + SIDE);
            }
        });
    }

    private void picture(Graphics2D g, Theme theme, TopLosses.Item item, int x, int y) {
        g.setColor(theme.surface());
        g.fillRect(x, y, SIDE, SIDE);
        try {
            BufferedImage image = pictures.apply(item.item());
            double scale = Math.min((double) SIDE / image.getWidth(), (double) SIDE / image.getHeight());
            int w = Math.max(1, (int) Math.round(image.getWidth() * scale));
            int h = Math.max(1, (int) Math.round(image.getHeight() * scale));
            // twice the points, for the dense pixels of the plot
            g.drawImage(Thumbnails.shrink(image, 2 * SIDE), x + (SIDE - w) / 2, y + (SIDE - h) / 2, w, h, null);
        } catch (RuntimeException unreadable) {
            g.setColor(theme.muted());
            g.setFont(Theme.SMALL);
            g.drawString("cannot be read:", x + 8, y + SIDE / 2 - 8);
            g.drawString(fitted(g, String.valueOf(unreadable.getMessage()), SIDE - 16), x + 8, y + SIDE / 2 + 8);
        }
    }

    private static void caption(Graphics2D g, Theme theme, TopLosses.Item item, int x, int y) {
        g.setFont(Theme.LABEL.deriveFont(Font.BOLD));
        g.setColor(item.isRight() ? theme.right() : theme.wrong());
        String share = " " + Names.percent(item.probability());
        int room = SIDE - g.getFontMetrics().stringWidth(share);
        g.drawString(fitted(g, item.predicted(), room) + share, x, y + 17);
        g.setFont(Theme.LABEL);
        g.setColor(theme.ink());
        String is = item.isRight() ? "right" : "is " + item.actual();
        String loss = ", loss " + Names.decimal(item.loss(), 2);
        g.drawString(fitted(g, is, SIDE - g.getFontMetrics().stringWidth(loss)) + loss, x, y + 34);
        g.setFont(Theme.SMALL);
        g.setColor(theme.muted());
        g.drawString(fitted(g, Names.file(item.item(), 60), SIDE), x, y + 50);
    }

    private static String fitted(Graphics2D g, String text, int width) {
        FontMetrics metrics = g.getFontMetrics();
        int length = 60;
        String shown = Names.shown(text, length);
        while (length > 4 && metrics.stringWidth(shown) > width) {
            length--;
            shown = Names.shown(text, length);
        }
        return shown;
    }
}
