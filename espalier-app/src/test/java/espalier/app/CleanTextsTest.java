package espalier.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import espalier.clean.Choice;
import espalier.clean.Cleaner;
import espalier.clean.Picture;
import espalier.clean.Query;
import espalier.clean.Query.View;
import espalier.clean.Undo;
import espalier.predict.Predictor;
import espalier.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanTextsTest {
    private static final List<String> GOOD = List.of("love", "great", "schön", "好");
    private static final List<String> BAD = List.of("hate", "awful", "häßlich", "坏");

    @TempDir
    Path folder;

    /** A word in each row tells its label; every ninth row, from the fifth on, has the other one. */
    private Path table() throws IOException {
        var rows = new StringBuilder("id;text;mood\n");
        for (int i = 0; i < 90; i++) {
            boolean good = i % 2 == 0;
            String word = (good ? GOOD : BAD).get(i / 2 % 4);
            rows.append("%d;\"@you %d: I %s \"\"this\"\"; yes\";%s\n"
                    .formatted(i, i, word, good == (i % 9 != 4) ? "good" : "bad"));
        }
        return Files.writeString(folder.resolve("moods.csv"), rows);
    }

    private static TextTable data(Path csv) {
        return TextTable.of(csv).columns("text", "mood");
    }

    private Predictor trained(Path csv) {
        Path model = folder.resolve("moods.safetensors");
        TrainText.of(data(csv), model).run(Progress.NONE);
        return Predictor.load(model);
    }

    private static Cleaner open(Predictor model, Path csv) throws IOException {
        return Cleaner.of(model, new CleanTexts(TextTable.of(csv)).set(model, Progress.NONE), Progress.NONE);
    }

    private static boolean isWrong(Picture one) {
        return (one.labels().get(0).equals("good")) == BAD.stream().anyMatch(one.text()::contains);
    }

    @Test
    void wrongLabels_comeFirst_thoughTheModelWasTrainedOnThem_andAreRelabelledInANewTable() throws IOException {
        Path csv = table();
        String old = Files.readString(csv);
        try (var model = trained(csv)) {
            var cleaner = open(model, csv);
            assertThat(cleaner.isTexts()).isTrue();
            assertThat(cleaner.splits()).isEmpty();
            var suspects = cleaner.pictures(Query.all()).subList(0, 10);
            assertThat(suspects).allMatch(CleanTextsTest::isWrong);
            for (Picture one : suspects) {
                cleaner.choose(one, Choice.relabel(one.labels().get(0).equals("good") ? "bad" : "good"));
            }
            var last = cleaner.find("moods.csv line 91").orElseThrow();
            cleaner.choose(last, Choice.delete());
            var plan = cleaner.plan();
            assertThat(plan.toString()).contains("relabel moods.csv line 6: bad -> good", "delete moods.csv line 91");
            assertThat(cleaner.apply(plan).changes()).hasSize(11);
            assertThat(Files.readString(csv)).isEqualTo(old);
            Path cleaned = folder.resolve("moods.cleaned.csv");
            var rows = data(cleaned).read();
            assertThat(rows.texts())
                    .as("also those that a spreadsheet would take for a formula")
                    .isEqualTo(data(csv).read().texts().subList(0, 89));
            assertThat(rows.labels().get(4)).containsExactly("good");
            assertThat(Files.readString(cleaned)).startsWith("id;text;mood\n0;");
            assertThat(cleaner.pictures(Query.all())).hasSize(89).noneMatch(CleanTextsTest::isWrong);

            var change = cleaner.changes().stream()
                    .filter(one -> one.from().equals("moods.csv line 6"))
                    .findFirst()
                    .orElseThrow();
            assertThat(cleaner.undo(change.id()).undone())
                    .as("of this row alone")
                    .hasSize(1);
            assertThat(data(cleaned).read().labels().get(4)).containsExactly("bad");
            assertThat(open(model, csv).pictures(Query.all()))
                    .as("after a restart")
                    .hasSize(89);
        }
        assertThat(Undo.of(folder).all().rowsBack()).isEqualTo(10);
        assertThat(folder.resolve("moods.cleaned.csv")).doesNotExist();
    }

    @Test
    void copies_andWhatTheyAreCalledDifferently_areListed() throws IOException {
        Path csv = table();
        try (var model = trained(csv)) {
            Files.writeString(
                    csv,
                    "text,mood\nI love this,good\nI love this,bad\ni LOVE this!,good\nI hate this,bad\n!!,bad\n??,bad\n,good\n");
            var cleaner = Cleaner.of(model, new CleanTexts(data(csv)).set(model, Progress.NONE), Progress.NONE);
            assertThat(cleaner.pictures(Query.all().view(View.DUPLICATES)))
                    .extracting(Picture::file)
                    .containsExactlyInAnyOrder("moods.csv line 2", "moods.csv line 3");
            assertThat(cleaner.pictures(Query.all().view(View.NEAR_DUPLICATES))).hasSize(3);
            assertThat(cleaner.pictures(Query.all().view(View.CONFLICTS))).hasSize(3);
            assertThat(cleaner.rejected()).hasSize(1);
            assertThatThrownBy(() -> cleaner.addLabel("=1+1")).isInstanceOf(IllegalArgumentException.class);
            cleaner.addLabel("so so");
            var two = cleaner.find("moods.csv line 3").orElseThrow();
            cleaner.choose(two, Choice.relabel("so so"));
            Files.writeString(csv, Files.readString(csv).replace("I hate", "We hate"));
            var applied = cleaner.apply(cleaner.plan());
            assertThat(applied.isConflict())
                    .as("the table has changed since it was shown")
                    .isTrue();
            assertThat(cleaner.changes()).isEmpty();
        }
    }

    @Test
    void tags_areChosenTogether() throws IOException {
        var rows = new StringBuilder("text,tags\n");
        for (int i = 0; i < 40; i++) {
            rows.append(
                    "the %s is %d,%s\n".formatted(i % 2 == 0 ? "bill" : "parcel", i, i % 2 == 0 ? "money" : "post"));
        }
        Path csv = Files.writeString(folder.resolve("mail.csv"), rows);
        Path file = folder.resolve("mail.safetensors");
        TrainText.of(TextTable.of(csv).tags(true), file).run(Progress.NONE);
        try (var model = Predictor.load(file)) {
            var cleaner = open(model, csv);
            assertThat(cleaner.isTags()).isTrue();
            cleaner.choose(cleaner.find("mail.csv line 2").orElseThrow(), Choice.relabel("money", "post"));
            cleaner.apply(cleaner.plan());
        }
        assertThat(Files.readString(folder.resolve("mail.cleaned.csv"))).contains("the bill is 0,money post\n");
    }
}
