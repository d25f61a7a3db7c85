package espalier.collect;

import espalier.collect.DownloadRow.Status;
import espalier.report.Rejected;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a download did: one row an address, in the order they were asked for.
 *
 * @param rows the rows of this run's addresses, those of earlier runs included where nothing had to be done
 * @param settledBefore the addresses that an earlier run had settled and that were not asked now
 * @param stopped whether the run was ended before every address had its turn; those without have no row
 */
public record DownloadReport(List<DownloadRow> rows, Set<String> settledBefore, boolean stopped) {
    public DownloadReport {
        rows = List.copyOf(rows);
        settledBefore = Set.copyOf(settledBefore);
    }

    /** How many addresses ended with {@code status}. */
    public int count(Status status) {
        return (int) rows.stream().filter(row -> row.status() == status).count();
    }

    /** How many addresses ended how. */
    public Map<Status, Integer> counts() {
        var counts = new EnumMap<Status, Integer>(Status.class);
        for (Status status : Status.values()) {
            counts.put(status, count(status));
        }
        return counts;
    }

    /** The addresses that gave nothing, each with its reason. */
    public List<Rejected> rejected() {
        return rows.stream()
                .filter(row -> row.status() == Status.REJECTED || row.status() == Status.FAILED)
                .map(row -> new Rejected(row.url(), row.reason()))
                .toList();
    }

    /** One line, such as {@code "140 kept, 4 duplicates, 6 left out (4 HTTP 404, 2 not an image: text/html)"}. */
    public String summary() {
        var reasons = new TreeMap<String, Integer>();
        rejected().forEach(row -> reasons.merge(row.reason().split(" after | \\(", 2)[0], 1, Integer::sum));
        var top = reasons.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(4)
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .toList();
        int left = count(Status.REJECTED) + count(Status.FAILED);
        int deleted = count(Status.DELETED);
        return count(Status.KEPT) + " kept, " + count(Status.DUPLICATE) + " duplicates, "
                + (deleted == 0 ? "" : deleted + " no longer there, ") + left + " left out"
                + (top.isEmpty() ? "" : " (" + String.join(", ", top) + ")");
    }
}
