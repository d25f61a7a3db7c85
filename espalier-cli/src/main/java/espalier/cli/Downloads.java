package espalier.cli;

import espalier.collect.DownloadReport;
import espalier.collect.DownloadRow.Status;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells what a download of pictures did. */
final class Downloads {
    private Downloads() {}

    /** Prints the summary and the addresses that gave nothing; gives the exit code. */
    static int tell(Console console, DownloadReport report, Path out) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        report.counts().forEach((status, number) -> json.put(status.word(), number));
        json.put("rows", report.rows());
        console.json(json);
        console.result(report.summary() + " in " + out);
        console.rejected(report.rejected());
        if (report.count(Status.KEPT) + report.count(Status.DUPLICATE) > 0) {
            return ExitCodes.DONE;
        }
        boolean unanswered = report.count(Status.FAILED) > 0;
        console.warn("no picture was kept. Maybe the addresses are of pages rather than of pictures: --any keeps"
                + " files of other kinds.");
        return unanswered ? ExitCodes.NETWORK : ExitCodes.BAD_DATA;
    }
}
