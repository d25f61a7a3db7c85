package espalier.cli;

import espalier.collect.DownloadReport;
import espalier.collect.DownloadRow.Status;
import espalier.report.Rejected;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells what a download of pictures did. */
final class Downloads {
    private Downloads() {}

    /** Prints the summary and the addresses that gave nothing; gives the exit code. */
    static int tell(Console console, DownloadReport report, Path out) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("out", out.toString());
        report.counts().forEach((status, number) -> json.put(status.word(), number));
        json.put("rows", report.rows());
        json.put("interrupted", report.stopped());
        console.json(json);
        console.result(report.summary() + " in " + out);
        console.rejected(report.rejected());
        int deleted = report.count(Status.DELETED);
        if (deleted > 0) {
            console.say(
                    Amounts.of(deleted, "picture") + " of an earlier run were deleted and stay out. To have them again,"
                            + " delete " + out.resolve("download-report.csv") + ".");
        }
        if (report.stopped()) {
            return ExitCodes.INTERRUPTED;
        } else if (report.count(Status.KEPT) + report.count(Status.DUPLICATE) + deleted > 0) {
            return ExitCodes.DONE;
        }
        console.warn("no picture was kept." + hint(report.rejected()));
        return report.count(Status.FAILED) > 0 ? ExitCodes.NETWORK : ExitCodes.BAD_DATA;
    }

    /** What may help with addresses that gave nothing, told from their reasons; starts with a space. */
    static String hint(List<Rejected> rejected) {
        String reasons = rejected.stream().map(Rejected::reason).collect(Collectors.joining("\n"));
        if (reasons.contains("Maybe ")) {
            return "";
        } else if (reasons.contains("not an image") || reasons.contains("unsupported format")) {
            return " Maybe the addresses are of pages rather than of pictures: fetch url --any keeps files of other"
                    + " kinds.";
        } else if (reasons.contains("HTTP 404") || reasons.contains("HTTP 410")) {
            return " Maybe the addresses are misspelt, or what they named is gone.";
        } else if (reasons.contains("HTTP 401") || reasons.contains("HTTP 403")) {
            return " Maybe the servers want a login, or let in no programs.";
        } else if (reasons.contains("larger than")) {
            return " Maybe raise --max-size, if that much is meant.";
        } else if (reasons.contains("smaller than")) {
            return " Maybe lower --min-size.";
        }
        return " Maybe the network is down or needs a proxy (HTTPS_PROXY), or the servers are; try again later.";
    }
}
