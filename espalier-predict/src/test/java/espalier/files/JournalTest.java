package espalier.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path root;

    private void put(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private String read(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    private Path lines() {
        return root.resolve(".espalier/journal.jsonl");
    }

    /** Every file outside of {@code .espalier} with its content. */
    private Map<String, String> snapshot() throws IOException {
        var files = new TreeMap<String, String>();
        try (var walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String id = root.relativize(file).toString();
                if (!id.startsWith(".espalier")) {
                    files.put(id, Files.readString(file));
                }
            }
        }
        return files;
    }

    @Test
    void changes_areUndoneAloneAndAll_byteIdentical() throws Exception {
        put("cat/1.jpg", "one");
        put("cat/2.jpg", "two");
        put("dog/2.jpg", "another two");
        var before = snapshot();
        var journal = Journal.of(root);
        var gone = journal.trash("cat/1.jpg", "broken");
        var moved = journal.move("relabel", "cat/2.jpg", "dog/2.jpg");
        assertThat(gone.to()).isEqualTo(".espalier/trash/cat/1.jpg");
        assertThat(moved.to()).isEqualTo("dog/2-2.jpg");
        assertThat(journal.changes()).extracting(Change::action).containsExactly("delete", "relabel");
        assertThat(read("dog/2.jpg")).isEqualTo("another two");

        var other = Journal.of(root); // as after a restart
        assertThat(other.undo(gone.id()).filesBack()).isEqualTo(1);
        assertThat(other.undo(gone.id()).undone()).isEmpty();
        assertThat(read("cat/1.jpg")).isEqualTo("one");
        assertThat(journal.changes()).extracting(Change::id).containsExactly(moved.id());
        assertThat(journal.undoAll().filesBack()).isEqualTo(1);
        assertThat(snapshot()).isEqualTo(before);
        assertThat(Journal.of(root).changes()).isEmpty();
        assertThat(Journal.of(root).undoAll().undone()).isEmpty();
    }

    @Test
    void undo_takesBackLaterChangesOfTheSameFileFirst() throws Exception {
        put("train/cat/1.jpg", "one");
        put("train/cat/2.jpg", "two");
        var journal = Journal.of(root);
        var first = journal.move("relabel", "train/cat/1.jpg", "train/dog/1.jpg");
        journal.move("relabel", "train/cat/2.jpg", "train/dog/2.jpg");
        journal.move("move", "train/dog/1.jpg", "valid/dog/1.jpg");
        journal.trash("valid/dog/1.jpg", "");
        var undone = journal.undo(first.id());
        assertThat(undone.undone()).extracting(Change::action).containsExactly("delete", "move", "relabel");
        assertThat(read("train/cat/1.jpg")).isEqualTo("one");
        assertThat(read("train/dog/2.jpg")).isEqualTo("two");
    }

    @Test
    void undo_removesFoldersThatWereMade_andNoOthers() throws Exception {
        put("train/cat/1.jpg", "one");
        put("train/cat/2.jpg", "two");
        Files.createDirectories(root.resolve("train/mine"));
        var journal = Journal.of(root);
        var first = journal.move("relabel", "train/cat/1.jpg", "new/dog/1.jpg");
        var second = journal.move("relabel", "train/cat/2.jpg", "new/dog/2.jpg");
        var third = journal.trash("new/dog/2.jpg", "");
        assertThat(third.values()).isEmpty();
        Journal.of(root).undo(first.id());
        assertThat(root.resolve("new/dog"))
                .as("a change can still go back there")
                .doesNotExist();
        Journal.of(root).undo(second.id());
        assertThat(root.resolve("new")).doesNotExist();
        journal.move("relabel", "train/cat/1.jpg", "train/mine/1.jpg");
        journal.undoAll();
        assertThat(root.resolve("train/mine")).as("was there before").isEmptyDirectory();
        assertThat(read("train/cat/2.jpg")).isEqualTo("two");
    }

    @Test
    void replace_isUndoneByItsFirstChangeAlone() throws Exception {
        put("a/1.jpg", "old");
        var journal = Journal.of(root);
        var change = journal.replace("a/1.jpg", "1.jpg", "new".getBytes(StandardCharsets.UTF_8), "turned");
        assertThat(read("a/1.jpg")).isEqualTo("new");
        assertThat(journal.undo(change.id()).filesBack()).isEqualTo(1);
        assertThat(read("a/1.jpg")).isEqualTo("old");
        assertThat(read(".espalier/trash/a/1-2.jpg")).isEqualTo("new");
    }

    @Test
    void notes_areUndoneWithoutTouchingTheFile() throws Exception {
        put("1.jpg", "one");
        var journal = Journal.of(root);
        var note = journal.note("relabel", "1.jpg", Map.of("was", "cat", "now", "dog"));
        assertThat(Journal.of(root).changes().get(0).values()).containsEntry("now", "dog");
        assertThat(journal.undo(note.id()).undone()).hasSize(1);
        assertThat(read("1.jpg")).isEqualTo("one");
        assertThat(journal.changes()).isEmpty();
    }

    @Test
    void S04_aChangeAnnouncedButNotMade_isForgotten_andATornLineIsPassedOver() throws Exception {
        put("a/1.jpg", "one");
        put("a/2.jpg", "two");
        var before = snapshot();
        Journal.of(root).trash("a/1.jpg", "");
        String made = Files.readString(lines());
        String announced = made.replace("1.jpg", "2.jpg").replace("\"id\":1", "\"id\":2");
        Files.writeString(lines(), announced + "{\"id\":3,\"from\":\"a/2.j", StandardOpenOption.APPEND);

        var journal = Journal.of(root);
        assertThat(journal.changes()).extracting(Change::from).containsExactly("a/1.jpg");
        assertThat(read("a/2.jpg")).isEqualTo("two");
        var again = journal.trash("a/2.jpg", "again");
        assertThat(Journal.of(root).changes()).extracting(Change::id).containsExactly(1L, again.id());
        assertThat(journal.undoAll().filesBack()).isEqualTo(2);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void journal_hasNoEmptyLines_andToleratesThem_andALineTornInACharacter() throws Exception {
        put("a/1.jpg", "one");
        put("a/\u00e9.jpg", "two");
        put("a/3.jpg", "three");
        var before = snapshot();
        Journal.of(root).trash("a/1.jpg", "");
        Journal.of(root).trash("a/\u00e9.jpg", "");
        assertThat(Files.readAllLines(lines())).hasSize(2).noneMatch(String::isBlank);
        Files.writeString(lines(), "\n\r\n  \n{\"id\":3,\"from\":\"a/", StandardOpenOption.APPEND);
        Files.write(lines(), new byte[] {(byte) 0xc3}, StandardOpenOption.APPEND);
        var journal = Journal.of(root);
        assertThat(journal.changes()).hasSize(2);
        journal.trash("a/3.jpg", "");
        assertThat(Journal.of(root).undoAll().filesBack()).isEqualTo(3);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void S04_aChangeMadeRightBeforeTheKill_isKnown() throws Exception {
        put("a/1.jpg", "one");
        put("a/2.jpg", "two");
        Journal.of(root).trash("a/1.jpg", "");
        String line = Files.readString(lines());
        Journal.of(root).undoAll();
        // The same again by hand: announced and moved, and nothing after that.
        Files.writeString(lines(), line);
        Files.move(root.resolve("a/1.jpg"), root.resolve(".espalier/trash/a/1.jpg"));
        put("a/1.jpg", "somebody's new file");
        var journal = Journal.of(root);
        assertThat(journal.changes()).hasSize(1);
        assertThat(journal.undoAll().left()).hasSize(1);
        Files.delete(root.resolve("a/1.jpg"));
        assertThat(journal.undoAll().filesBack()).isEqualTo(1);
        assertThat(read("a/1.jpg")).isEqualTo("one");
    }

    @Test
    void S04_anUndoAnnouncedButNotMade_canBeMadeAgain() throws Exception {
        put("a/1.jpg", "one");
        Journal.of(root).trash("a/1.jpg", "");
        Journal.of(root).undoAll();
        Files.move(root.resolve("a/1.jpg"), root.resolve(".espalier/trash/a/1.jpg")); // as if the undo had not moved it
        var journal = Journal.of(root);
        assertThat(journal.changes()).hasSize(1);
        assertThat(journal.undoAll().filesBack()).isEqualTo(1);
        assertThat(read("a/1.jpg")).isEqualTo("one");
    }

    @Test
    void undo_neverOverwrites() throws Exception {
        put("a.jpg", "first");
        var journal = Journal.of(root);
        journal.trash("a.jpg", "");
        put("a.jpg", "second");
        journal.trash("a.jpg", "");
        put("a.jpg", "third");
        assertThat(journal.undoAll().left()).hasSize(2);
        assertThat(journal.changes()).hasSize(2);
        Files.delete(root.resolve("a.jpg"));
        assertThat(journal.undoAll().filesBack()).isEqualTo(1);
        assertThat(read("a.jpg")).isEqualTo("second");
    }

    @Test
    void C07_S04_pathsAndLinksThatLeadOut_areRefused() throws Exception {
        put("a/1.jpg", "one");
        var journal = Journal.of(root.resolve("a"));
        Files.writeString(root.resolve("secret.txt"), "secret");
        for (String bad :
                List.of("../secret.txt", root.resolve("secret.txt").toString(), "", ".", "x/../../secret.txt")) {
            assertThatThrownBy(() -> journal.trash(bad, "")).as(bad).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> journal.move("move", "1.jpg", bad)).isInstanceOf(IllegalArgumentException.class);
        }
        Files.createSymbolicLink(root.resolve("a/link"), root);
        assertThatThrownBy(() -> journal.trash("link/secret.txt", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> journal.move("relabel", "1.jpg", "link/1.jpg"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(read("a/1.jpg")).isEqualTo("one");
        assertThat(read("secret.txt")).isEqualTo("secret");
    }

    @Test
    void S04_aPreparedJournal_leadsNowhere() throws Exception {
        Path data = root.resolve("data");
        Files.createDirectories(data.resolve(".espalier"));
        put("victim.txt", "mine");
        put("data/x.jpg", "x");
        String evil = "{\"id\":1,\"time\":\"2026-01-01T00:00:00Z\",\"action\":\"delete\",\"from\":\"../victim.txt\","
                + "\"to\":\"x.jpg\",\"reason\":\"\",\"values\":{},\"undoes\":0,\"stamp\":\"\"}\n";
        Files.writeString(data.resolve(".espalier/journal.jsonl"), evil);
        assertThat(Journal.of(data).undoAll().undone()).isEmpty();
        assertThat(Journal.of(data).skipped()).isEqualTo(1);
        assertThat(read("victim.txt")).isEqualTo("mine");
        assertThat(read("data/x.jpg")).isEqualTo("x");

        Files.delete(data.resolve(".espalier/journal.jsonl"));
        Files.createSymbolicLink(data.resolve(".espalier/journal.jsonl"), root.resolve("victim.txt"));
        assertThatThrownBy(() -> Journal.of(data).trash("x.jpg", "")).isInstanceOf(IOException.class);
        assertThat(read("victim.txt")).isEqualTo("mine");
    }

    @Test
    void S04_aLineThatLeadsOutside_isSkipped_andTheOthersAreUndone() throws Exception {
        put("a/1.jpg", "one");
        put("a/2.jpg", "two");
        var before = snapshot();
        Journal.of(root).trash("a/1.jpg", "");
        for (String place : List.of("../secret.txt", "/etc/passwd", "a/../../x", ".", "a\\u0000b")) {
            String evil = "{\"id\":%d,\"time\":\"2026-01-01T00:00:00Z\",\"action\":\"delete\",\"from\":\"%s\","
                    + "\"to\":\"a/x.jpg\",\"reason\":\"\",\"values\":{},\"undoes\":0,\"stamp\":\"\"}\n";
            Files.writeString(lines(), evil.formatted(100, place), StandardOpenOption.APPEND);
        }
        var journal = Journal.of(root);
        journal.trash("a/2.jpg", "");
        assertThat(journal.skipped()).isEqualTo(5);
        assertThat(journal.undoAll().left()).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void S04_aLineBehindALink_isLeft_andTheOthersAreUndone() throws Exception {
        put("a/1.jpg", "one");
        put("b/2.jpg", "two");
        var journal = Journal.of(root);
        journal.trash("a/1.jpg", "");
        journal.trash("b/2.jpg", "");
        Files.delete(root.resolve("b"));
        Path elsewhere = Files.createTempDirectory("elsewhere");
        Files.createSymbolicLink(root.resolve("b"), elsewhere);
        var undone = journal.undoAll();
        assertThat(undone.left()).hasSize(1);
        assertThat(read("a/1.jpg")).isEqualTo("one");
        assertThat(elsewhere).isEmptyDirectory();
        Files.delete(elsewhere);
    }

    @Test
    void S04_anIdAtTheEndOfAllNumbers_isSkipped_andDeletionsStayUndoable() throws Exception {
        put("a/1.jpg", "one");
        var before = snapshot();
        Files.createDirectories(root.resolve(".espalier"));
        for (long id : new long[] {Long.MAX_VALUE, -1, 0, 1L << 60}) {
            Files.writeString(
                    lines(),
                    ("{\"id\":%d,\"time\":\"2026-01-01T00:00:00Z\",\"action\":\"move\",\"from\":\"a/7.jpg\","
                                    + "\"to\":\"a/8.jpg\",\"reason\":\"\",\"values\":{},\"undoes\":0,\"stamp\":\"\"}\n")
                            .formatted(id),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        assertThat(Journal.of(root).trash("a/1.jpg", "").id()).isEqualTo(1);
        assertThat(Journal.of(root).skipped()).isEqualTo(4);
        assertThat(Journal.of(root).undoAll().undone()).hasSize(1);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void threadsAndInstances_takeTurns() throws Exception {
        for (int i = 0; i < 40; i++) {
            put("a/" + i + ".jpg", "content " + i);
        }
        var before = snapshot();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var work = new ArrayList<Callable<Change>>();
            for (int i = 0; i < 40; i++) {
                String file = "a/" + i + ".jpg";
                work.add(() -> Journal.of(root).move("relabel", file, "b/same.jpg"));
            }
            for (var future : pool.invokeAll(work)) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(snapshot().keySet()).hasSize(40).allMatch(file -> file.startsWith("b/same"));
        assertThat(Journal.of(root).changes()).hasSize(40);
        assertThat(Journal.of(root).undoAll().filesBack()).isEqualTo(40);
        assertThat(snapshot()).isEqualTo(before);
    }

    /** Moves files to and fro until it is killed. */
    static final class Victim {
        public static void main(String[] args) throws Exception {
            var journal = Journal.of(Path.of(args[0]));
            var random = new Random(Long.parseLong(args[1]));
            System.out.println("ready");
            while (true) {
                String from = "a/" + random.nextInt(20) + ".jpg";
                if (Files.exists(journal.inside(from), LinkOption.NOFOLLOW_LINKS)) {
                    if (random.nextBoolean()) {
                        journal.trash(from, "");
                    } else {
                        journal.move("relabel", from, "b/" + random.nextInt(3) + ".jpg");
                    }
                } else if (random.nextInt(4) == 0) {
                    journal.undoAll();
                }
            }
        }
    }

    @Test
    void S04_killedAtAnyMoment_nothingIsLost_andAllIsUndone() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("a/" + i + ".jpg", "content " + i);
        }
        var before = snapshot();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        for (int round = 0; round < 6; round++) {
            var process = new ProcessBuilder(
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            root.toString(),
                            Integer.toString(round))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            waitForLines(30 + 10 * round); // it is at work
            Thread.sleep(1 + 7L * round); // another moment of another change each time
            process.destroyForcibly(); // SIGKILL
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            if (round % 2 == 1) {
                var undone = Journal.of(root).undoAll();
                assertThat(undone.left()).isEmpty();
                assertThat(snapshot()).as("round " + round).isEqualTo(before);
            }
        }
    }

    private void waitForLines(int more) throws Exception {
        long size = Files.exists(lines()) ? Files.size(lines()) : 0;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!Files.exists(lines()) || Files.size(lines()) < size + 200L * more) {
            assertThat(System.nanoTime()).as("the victim does nothing").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
