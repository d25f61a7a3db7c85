package espalier.interpret;

import java.awt.BasicStroke;
import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A line chart being put together; the only place that knows the charting library. */
final class CurvePlot {
    private static final int WIDTH = 620;
    private static final int HEIGHT = 420;

    private final String title;
    private final String xName;
    private final String yName;
    private final List<Line> lines = new ArrayList<>();
    private final Set<String> taken = new LinkedHashSet<>();
    private boolean unitSquare;
    private boolean logarithmic;
    private String caption = "";

    /** How a series looks. */
    private enum Look {
        LINE,
        LINE_WITH_DOTS,
        DOT,
        FAINT
    }

    /** One series; undefined points are left out. */
    private record Line(String name, double[] x, double[] y, Look look) {}

    private CurvePlot(String title, String xName, String yName) {
        this.title = title;
        this.xName = xName;
        this.yName = yName;
    }

    static CurvePlot of(String title, String xName, String yName) {
        return new CurvePlot(title, xName, yName);
    }

    /** Both axes from 0 to 1. */
    CurvePlot unitSquare() {
        unitSquare = true;
        return this;
    }

    /** The x axis in powers of ten. */
    CurvePlot logarithmic() {
        logarithmic = true;
        return this;
    }

    /** What the chart shows in a sentence. */
    CurvePlot caption(String sentence) {
        caption = sentence;
        return this;
    }

    CurvePlot line(String name, double[] x, double[] y) {
        return add(name, x, y, Look.LINE);
    }

    CurvePlot dotted(String name, double[] x, double[] y) {
        return add(name, x, y, Look.LINE_WITH_DOTS);
    }

    CurvePlot dot(String name, double x, double y) {
        return add(name, new double[] {x}, new double[] {y}, Look.DOT);
    }

    /** A thin dashed line to compare with. */
    CurvePlot faint(String name, double[] x, double[] y) {
        return add(name, x, y, Look.FAINT);
    }

    Plot plot() {
        return new Plot(caption.isEmpty() ? title : caption, theme -> {
            var chart = chart(theme);
            return Plot.paint(WIDTH, HEIGHT, theme, g -> chart.paint(g, WIDTH, HEIGHT));
        });
    }

    private CurvePlot add(String name, double[] x, double[] y, Look look) {
        int[] defined = IntStream.range(0, x.length)
                .filter(i -> Double.isFinite(x[i]) && Double.isFinite(y[i]) && (!logarithmic || x[i] > 0))
                .toArray();
        if (defined.length > 0) {
            lines.add(new Line(
                    Names.distinct(name, 28, taken), // names identify series in the chart
                    IntStream.of(defined).mapToDouble(i -> x[i]).toArray(),
                    IntStream.of(defined).mapToDouble(i -> y[i]).toArray(),
                    look));
        }
        return this;
    }

    private XYChart chart(Theme theme) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xName)
                .yAxisTitle(yName)
                .build();
        style(chart.getStyler(), theme);
        int colour = 0;
        for (Line line : lines) {
            XYSeries series = chart.addSeries(line.name, line.x, line.y);
            boolean faint = line.look == Look.FAINT;
            series.setLineColor(faint ? theme.muted() : theme.series(colour));
            series.setLineStyle(faint ? thinDashes() : Theme.stroke(colour));
            series.setMarkerColor(theme.series(colour));
            series.setMarker(
                    line.look == Look.DOT || line.look == Look.LINE_WITH_DOTS
                            ? SeriesMarkers.CIRCLE
                            : SeriesMarkers.NONE);
            colour += faint ? 0 : 1;
        }
        return chart;
    }

    private void style(XYStyler styler, Theme theme) {
        styler.setChartBackgroundColor(theme.ground());
        styler.setPlotBackgroundColor(theme.ground());
        styler.setLegendBackgroundColor(theme.ground());
        styler.setLegendBorderColor(theme.ground());
        styler.setChartFontColor(theme.ink());
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitleFont(Theme.TITLE);
        styler.setLegendFont(Theme.LABEL);
        styler.setAxisTitleFont(Theme.LABEL);
        styler.setAxisTickLabelsFont(Theme.SMALL);
        styler.setAxisTickLabelsColor(theme.muted());
        styler.setAxisTickMarksColor(theme.line());
        styler.setPlotGridLinesColor(theme.line());
        styler.setPlotGridLinesStroke(new BasicStroke(0.8f));
        styler.setPlotBorderVisible(false);
        styler.setAxisTicksLineVisible(false);
        styler.setChartPadding(14);
        styler.setMarkerSize(7);
        styler.setPlotMargin(0);
        styler.setLegendSeriesLineLength(18);
        styler.setLegendPosition(Styler.LegendPosition.OutsideE);
        styler.setLegendVisible(lines.size() > 1);
        styler.setSeriesColors(new Color[] {theme.series(0)});
        styler.setLocale(Locale.ROOT);
        axes(styler);
    }

    private void axes(XYStyler styler) {
        if (unitSquare) {
            styler.setXAxisMin(0.0);
            styler.setXAxisMax(1.0);
            styler.setYAxisMin(0.0);
            styler.setYAxisMax(1.0);
            styler.setXAxisDecimalPattern("0.0");
            styler.setYAxisDecimalPattern("0.0");
        }
        if (!unitSquare) {
            styler.setYAxisTickLabelsFormattingFunction(CurvePlot::tick);
        }
        if (logarithmic) {
            styler.setXAxisLogarithmic(true);
            styler.setXAxisLogarithmicDecadeOnly(true);
            styler.setPlotGridVerticalLinesVisible(false);
            styler.setXAxisTickLabelsFormattingFunction(value -> "1e" + Math.round(Math.log10(value)));
        }
    }

    /** Four digits at most: where all values are one, the axis is marked with it in full. */
    private static String tick(double value) {
        String text = new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
        return text.length() <= 8 ? text : String.format(Locale.ROOT, "%.1e", value);
    }

    private static BasicStroke thinDashes() {
        return new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 4}, 0);
    }
}
