package espalier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What is odd about files that are used nevertheless, counted by kind: each file once, however often it is read.
 * Thread-safe.
 */
public final class Notes {
    /** Enough to count by; a set of which every file is odd must not fill the memory. */
    private static final int MOST = 100_000;

    private final Map<String, Set<String>> files = new ConcurrentSkipListMap<>();

    /** Remembers that {@code what} is so of {@code file}. */
    public void add(String what, String file) {
        var known = files.computeIfAbsent(what, kind -> ConcurrentHashMap.newKeySet());
        if (known.size() < MOST) {
            known.add(file);
        }
    }

    /** One line a kind: {@code "3 files: animated, only the first frame is used (such as cat/7.gif)"}. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        files.forEach((what, those) -> lines.add(those.size() + (those.size() == 1 ? " file: " : " files: ") + what
                + " (such as " + those.stream().min(String::compareTo).orElse("") + ")"));
        return lines;
    }
}
