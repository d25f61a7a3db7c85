package espalier.collect;

import espalier.collect.DownloadRow.Status;
import espalier.files.CannotWriteException;
import espalier.files.MadeFolders;
import espalier.report.DataException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a download remembers on disk, so that a killed run continues where it stopped: a journal with a
 * line for each finished address beside the unfinished files, and the two reports of finished runs.
 *
 * <p>A file becomes visible in three steps: complete in the state folder, written down in the journal,
 * moved to its final name. A kill between the last two is repaired by the next run.
 */
final class DownloadState implements AutoCloseable {
    static final String FOLDER = ".espalier-download";
    static final String REPORT = "download-report.csv";
    static final String ATTRIBUTION = "attribution.csv";
    /** The credits of pictures that somebody threw out: they may come back by an undo. */
    static final String DELETED = "attribution-deleted.csv";

    private static final List<String> REPORT_HEADER = List.of("url", "status", "bytes", "sha256", "file", "reason");
    private static final List<String> ATTRIBUTION_HEADER = List.of(
            "file", "title", "creator", "licence", "licence_url", "source", "page", "url", "sha256", "retrieved");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A journal line. */
    record Entry(DownloadRow row, ImageHit hit, String retrieved) {}

    private final Path directory;
    private final Path folder;
    private final FileChannel lockChannel;
    private final FileChannel journal;
    private final Map<String, DownloadRow> rows = new LinkedHashMap<>();
    private final Map<String, List<String>> attribution = new TreeMap<>();
    private final Map<String, Entry> finished = new HashMap<>();
    private final Map<String, String> urlByHash = new HashMap<>();
    private boolean ended;

    private DownloadState(Path directory, FileChannel lockChannel) throws IOException {
        this.directory = directory;
        this.folder = directory.resolve(FOLDER);
        this.lockChannel = lockChannel;
        loadReports();
        loadJournal();
        removeParts();
        this.journal = FileChannel.open(
                folder.resolve("journal"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        if (journal.size() > 0) {
            journal.write(StandardCharsets.UTF_8.encode("\n")); // a torn last line ends here
        }
    }

    /** Opens what is known about {@code directory}; only one run at a time may. */
    static DownloadState open(Path directory) throws IOException {
        MadeFolders.make(directory);
        FileChannel channel;
        try {
            Path folder = Files.createDirectories(directory.resolve(FOLDER));
            channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException unwritable) {
            throw CannotWriteException.of(directory, unwritable);
        }
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            // another thread of this process has it
        }
        if (lock == null) {
            channel.close();
            throw new DataException(
                    "Another download into " + directory + " is running. Maybe wait for it, or choose another --out.");
        }
        try {
            return new DownloadState(directory, channel);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Rows that need no asking again when pictures of {@code minSize} are wanted, by address. */
    synchronized Map<String, DownloadRow> settled(int minSize) {
        var settled = new LinkedHashMap<String, DownloadRow>();
        rows.forEach((url, row) -> {
            if (row.status() != Status.FAILED && !row.suffices(minSize)) {
                settled.put(url, row);
            }
        });
        return settled;
    }

    /** A new file for an unfinished download. */
    synchronized Path part() throws IOException {
        checkOpen();
        return Files.createTempFile(folder, "", ".part");
    }

    /**
     * Keeps the complete file {@code part} under {@code name}; gives the row as it now is, a duplicate
     * when the content was there already.
     */
    synchronized DownloadRow keep(Path part, DownloadRow row, ImageHit hit) throws IOException {
        checkOpen();
        Path target = directory.resolve(row.file());
        if (urlByHash.containsKey(row.sha256()) || Files.exists(target)) {
            Files.delete(part);
            DownloadRow known = urlByHash.containsKey(row.sha256()) ? row.as(Status.DUPLICATE) : row;
            note(known, hit);
            return known;
        }
        Path ready = folder.resolve(row.file());
        Files.move(part, ready, StandardCopyOption.ATOMIC_MOVE);
        note(row, hit);
        Files.move(ready, target, StandardCopyOption.ATOMIC_MOVE);
        return row;
    }

    /** Writes down what became of an address. */
    synchronized void note(DownloadRow row, ImageHit hit) throws IOException {
        checkOpen();
        var entry =
                new Entry(row, hit, java.time.Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS) + "");
        remember(entry);
        journal.write(StandardCharsets.UTF_8.encode(JSON.writeValueAsString(entry) + "\n"));
        // Not forced to disk: a killed process loses nothing, and after a power cut an address is asked again.
    }

    /** Workers of a run that was stopped may come late: the reports are written, and what they bring is dropped. */
    private void checkOpen() throws ClosedChannelException {
        if (ended) {
            throw new ClosedChannelException();
        }
    }

    /** Writes the reports and forgets the journal; {@code order} is the order of this run's addresses. */
    synchronized List<DownloadRow> finish(List<String> order) throws IOException {
        ended = true;
        var wanted = Set.copyOf(order);
        var all = new ArrayList<DownloadRow>();
        rows.values().stream().filter(row -> !wanted.contains(row.url())).forEach(all::add);
        order.stream().distinct().filter(rows::containsKey).map(rows::get).forEach(all::add);
        List<DownloadRow> ordered = firstKeeps(all);
        for (DownloadRow row : ordered) {
            var entry = finished.get(row.url());
            boolean held = row.status() == Status.KEPT || row.status() == Status.DELETED;
            if (held && entry != null) {
                attribution.put(row.file(), credits(row, entry));
            }
        }
        writeAttribution();
        Csv.write(
                directory.resolve(REPORT),
                REPORT_HEADER,
                ordered.stream()
                        .map(row -> List.of(
                                row.url(),
                                row.status().word(),
                                row.bytes() + "",
                                row.sha256(),
                                row.file(),
                                row.reason()))
                        .toList());
        journal.close();
        Files.deleteIfExists(folder.resolve("journal"));
        return ordered.stream().filter(row -> wanted.contains(row.url())).toList();
    }

    private void writeAttribution() throws IOException {
        var there = new ArrayList<List<String>>();
        var deleted = new ArrayList<List<String>>();
        attribution.forEach((file, row) -> (Files.exists(directory.resolve(file)) ? there : deleted).add(row));
        Csv.write(directory.resolve(ATTRIBUTION), ATTRIBUTION_HEADER, there);
        if (deleted.isEmpty()) {
            Files.deleteIfExists(directory.resolve(DELETED));
        } else {
            Csv.write(directory.resolve(DELETED), ATTRIBUTION_HEADER, deleted);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        ended = true;
        journal.close();
        boolean empty = !Files.exists(folder.resolve("journal"));
        if (empty) {
            removeParts();
            Files.deleteIfExists(folder.resolve("lock"));
        }
        lockChannel.close();
        if (empty) {
            try {
                Files.deleteIfExists(folder);
            } catch (java.nio.file.DirectoryNotEmptyException others) {
                // something that is not ours lies there: it stays
            }
        }
    }

    /** Of addresses with the same content the first one in the report keeps it, whichever was quicker. */
    private List<DownloadRow> firstKeeps(List<DownloadRow> rows) {
        var seen = new java.util.HashSet<String>();
        return rows.stream()
                .map(row -> row.sha256().isEmpty() || seen.add(row.sha256()) ? asOnDisk(row) : row.as(Status.DUPLICATE))
                .toList();
    }

    /** A row that has a file, as kept or deleted by whether the file is there. */
    private DownloadRow asOnDisk(DownloadRow row) {
        return row.file().isEmpty()
                ? row
                : row.as(Files.exists(directory.resolve(row.file())) ? Status.KEPT : Status.DELETED);
    }

    private static List<String> credits(DownloadRow row, Entry entry) {
        ImageHit hit = entry.hit();
        return List.of(
                row.file(),
                hit.title(),
                hit.creator(),
                hit.licence(),
                hit.licenceUrl(),
                hit.source(),
                hit.page(),
                row.url(),
                row.sha256(),
                entry.retrieved());
    }

    private void remember(Entry entry) {
        DownloadRow row = entry.row();
        rows.put(row.url(), row);
        finished.put(row.url(), entry);
        if (row.status() == Status.KEPT) {
            urlByHash.putIfAbsent(row.sha256(), row.url());
        }
    }

    private void loadReports() throws IOException {
        Path report = directory.resolve(REPORT);
        for (var cells : Csv.read(report)) {
            DownloadRow row = row(report, cells);
            boolean held = row.status() == Status.KEPT || row.status() == Status.DELETED;
            rows.put(row.url(), held ? asOnDisk(row) : row);
            if (held) { // also when it was deleted: from another address it stays out as well
                urlByHash.put(row.sha256(), row.url());
            }
        }
        for (String name : List.of(DELETED, ATTRIBUTION)) {
            for (var cells : Csv.read(directory.resolve(name))) {
                attribution.put(
                        cells.getOrDefault("file", ""),
                        ATTRIBUTION_HEADER.stream()
                                .map(column -> cells.getOrDefault(column, ""))
                                .toList());
            }
        }
    }

    private static DownloadRow row(Path report, Map<String, String> cells) {
        try {
            return new DownloadRow(
                    cells.getOrDefault("url", ""),
                    Status.valueOf(cells.getOrDefault("status", "failed").toUpperCase(Locale.ROOT)),
                    Long.parseLong(cells.getOrDefault("bytes", "0")),
                    cells.getOrDefault("sha256", ""),
                    cells.getOrDefault("file", ""),
                    cells.getOrDefault("reason", ""));
        } catch (IllegalArgumentException changed) {
            throw new DataException(
                    report + " has a row that is not ours: " + cells.values() + ". Maybe a spreadsheet changed it; when"
                            + " it is deleted, every address is asked again.",
                    changed);
        }
    }

    private void loadJournal() throws IOException {
        Path file = folder.resolve("journal");
        if (!Files.exists(file)) {
            return;
        }
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
            if (line.isBlank()) {
                continue;
            }
            Entry entry;
            try {
                entry = JSON.readValue(line, Entry.class);
            } catch (JacksonException torn) {
                continue; // the line that was being written when the run was killed: its address is asked again
            }
            DownloadRow row = entry.row();
            if (row.status() == Status.KEPT && !Files.exists(directory.resolve(row.file()))) {
                Path ready = folder.resolve(row.file());
                if (!Files.exists(ready)) {
                    continue;
                }
                Files.move(ready, directory.resolve(row.file()), StandardCopyOption.ATOMIC_MOVE);
            }
            remember(entry);
        }
    }

    private void removeParts() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (!name.equals("journal") && !name.equals("lock")) {
                    Files.deleteIfExists(file); // a late worker may be quicker
                }
            }
        }
    }
}
