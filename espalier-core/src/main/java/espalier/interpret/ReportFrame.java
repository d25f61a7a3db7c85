package espalier.interpret;

import java.util.Map;

/** The beginning and the end of a report's page: head, policy, style, heading. */
final class ReportFrame {
    private static final String STYLE = """
            *{box-sizing:border-box}
            html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;
             background:var(--ground);color:var(--ink);-webkit-text-size-adjust:100%}
            body{margin:0 auto;max-width:1180px;padding:2.2rem 1.4rem 4rem}
            h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem;overflow-wrap:anywhere;letter-spacing:-.01em}
            h2{font-size:1.25rem;margin:3rem 0 .3rem;letter-spacing:-.005em}
            p{margin:.2rem 0 1rem;max-width:70ch}
            .note,figcaption,dt,caption,footer{color:var(--muted)}
            .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.8rem;margin:1.6rem 0 0;padding:0}
            .tiles div{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.8rem 1rem;
             display:flex;flex-direction:column-reverse;justify-content:flex-end}
            .tiles dt{font-size:.85rem}.tiles dd{margin:0;font-size:1.55rem;font-weight:650;line-height:1.25;
             font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
            .facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1.4rem;margin:0}
            .facts dd{margin:0;overflow-wrap:anywhere}
            .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:10px}
            table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;width:100%}
            caption{text-align:left;padding:.6rem .8rem;font-size:.85rem}
            th,td{padding:.38rem .8rem;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
            thead th,thead td{background:var(--surface);font-weight:600;vertical-align:bottom}
            th:first-child,.words{text-align:left}tbody th{font-weight:500}
            td.words{white-space:normal;overflow-wrap:anywhere}
            tr.sum th,tr.sum td{background:var(--surface)}
            .scroll.fit{width:fit-content;max-width:100%}.matrix{width:auto}.matrix td{padding:0;width:2.5rem;min-width:2.5rem;height:2.1rem;text-align:center;
             border:1px solid var(--line)}
            .matrix th{border-color:transparent}.matrix thead td{border:0}.matrix thead th,.matrix thead td{background:none;padding:.3rem .2rem}
            .matrix thead tr.names th span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:11rem;
             overflow:hidden;text-align:left}
            .matrix tbody th{text-align:right;font-weight:500;max-width:16rem;overflow:hidden;text-overflow:ellipsis}
            .matrix th.axis{color:var(--muted);font-size:.85rem;font-weight:600;text-align:center}
            .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:1rem}
            .plots figure{margin:0;border:1px solid var(--line);border-radius:10px;overflow:hidden;background:var(--ground)}
            .plots img{display:block;width:100%;height:auto}
            .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:1rem;list-style:none;
             margin:0;padding:0}
            .cards figure{margin:0;border:1px solid var(--line);border-radius:10px;overflow:hidden;height:100%}
            .cards .frame{display:flex;aspect-ratio:1;background:var(--surface);align-items:center;justify-content:center}
            .cards img{width:100%;height:100%;object-fit:contain;min-width:0}
            .cards .pair{aspect-ratio:2}.cards.wide{grid-template-columns:repeat(auto-fill,minmax(340px,1fr))}
            .cards .pair img{width:50%}
            .cards blockquote{margin:0;padding:.75rem .75rem 0;unicode-bidi:plaintext;overflow-wrap:anywhere}
            .cards .none{color:var(--muted);font-size:.8rem;padding:1rem;text-align:center;overflow-wrap:anywhere}
            .cards figcaption{padding:.6rem .75rem .7rem;font-size:.85rem;line-height:1.4;overflow-wrap:anywhere}
            .cards b{display:block;font-size:.95rem}.yes{color:var(--right)}.no{color:var(--wrong)}
            .cards .actual{color:var(--ink);display:block}
            footer{margin-top:3.5rem;font-size:.85rem;border-top:1px solid var(--line);padding-top:.8rem}
            @media print{html{background:#fff}h2{break-after:avoid}.cards figure,.plots figure{break-inside:avoid}}
            @media(max-width:480px){body{padding:1.4rem 1rem 3rem}h1{font-size:1.5rem}.facts{grid-template-columns:1fr;gap:0}
             .facts dd{margin-bottom:.5rem}}
            """;

    private ReportFrame() {}

    static void begin(Html html, String title) {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;")
                .raw(" style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .raw("<meta name=\"referrer\" content=\"no-referrer\">\n")
                .element("title", title)
                .raw("\n<style>\n:root{color-scheme:light dark;")
                .raw(variables(Theme.LIGHT))
                .raw("}\n@media screen and (prefers-color-scheme:dark){:root{")
                .raw(variables(Theme.DARK))
                .raw("}}\n")
                .raw(STYLE)
                .raw("</style>\n</head>\n<body>\n<header>")
                .element("h1", title)
                .raw("</header>\n<main>\n");
    }

    static void end(Html html) {
        html.raw("</main>\n<footer>Made by Espalier. This page is complete in itself: it loads nothing and runs no")
                .raw(" script.</footer>\n</body>\n</html>\n");
    }

    static void section(Html html, String id, String heading, String note) {
        html.raw("<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">")
                .text(heading)
                .raw("</h2>\n");
        if (!note.isEmpty()) {
            html.element("p class=\"note\"", note).raw("\n");
        }
    }

    static void end(Html html, String element) {
        html.raw("</" + element + ">\n");
    }

    /** A plot in both colour schemes; the browser takes the one that the reader prefers. */
    static void plot(Html html, Plot plot) {
        html.raw("<figure><picture><source media=\"screen and (prefers-color-scheme:dark)\" srcset=")
                .uri(Thumbnails.uri("image/png", plot.png(Theme.DARK)))
                .raw("><img width=\"620\" height=\"420\" src=")
                .uri(Thumbnails.uri("image/png", plot.png(Theme.LIGHT)))
                .raw(" alt=")
                .quoted(plot.alternative())
                .raw("></picture></figure>\n");
    }

    private static String variables(Theme theme) {
        var colours = Map.of(
                "ground", theme.ground(),
                "surface", theme.surface(),
                "ink", theme.ink(),
                "muted", theme.muted(),
                "line", theme.line(),
                "right", theme.right(),
                "wrong", theme.wrong());
        var css = new StringBuilder();
        for (var name : new java.util.TreeSet<>(colours.keySet())) {
            css.append("--")
                    .append(name)
                    .append(':')
                    .append(Html.hex(java.util.Objects.requireNonNull(colours.get(name))));
            css.append(';');
        }
        return css.toString();
    }
}
