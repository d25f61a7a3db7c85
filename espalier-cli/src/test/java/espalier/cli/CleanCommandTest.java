package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import espalier.app.Evaluate;
import espalier.app.LabelledPictures;
import espalier.app.PictureOptions;
import espalier.app.Retrain;
import espalier.app.TrainImage;
import espalier.app.Variation;
import espalier.clean.Choice;
import espalier.clean.Cleaner;
import espalier.clean.Query;
import espalier.clean.TableSet;
import espalier.data.Source;
import espalier.data.Splits;
import espalier.item.Item;
import espalier.predict.Predictor;
import espalier.report.Progress;
import espalier.train.FineTune;
import espalier.train.Precision;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanCommandTest {
    @TempDir
    Path folder;

    @Test
    void theList_isSortedByLoss_andChangesNothing() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 5);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        Files.writeString(data.resolve("red/broken.png"), "no picture");
        PictureFiles.png(data.resolve("lost.png"), Color.GREEN);
        var run = Run.of("clean", model, data.toString(), "--list", "4", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("n").asInt()).isEqualTo(10);
        assertThat(json.get("pictures")).hasSize(4);
        assertThat(json.at("/pictures/0/loss").asDouble())
                .isGreaterThanOrEqualTo(json.at("/pictures/3/loss").asDouble());
        assertThat(json.at("/pictures/0").propertyNames())
                .as("what the page is told, but for how it knows a picture")
                .containsExactly(
                        "file",
                        "labels",
                        "split",
                        "predicted",
                        "probability",
                        "loss",
                        "similarity",
                        "group",
                        "action",
                        "values");
        assertThat(json.at("/rejected/0/file").asString()).isEqualTo("lost.png");
        var broken = Run.of("clean", model, data.toString(), "--list", "9", "--view", "unreadable");
        assertThat(broken.out()).contains("red/broken.png", "reason").doesNotContain("NaN", "loss");
        assertThat(Run.of("clean", model, data.toString(), "--list", "1", "--view", "foo")
                        .err())
                .contains("near_duplicates")
                .doesNotContain("NEAR");
        assertThat(data.resolve(".espalier")).doesNotExist();
        assertThat(Run.of("clean", model, folder.resolve("none").toString()).exitCode())
                .isEqualTo(66);
    }

    @Test
    void wrongUse_andAPlaceThatCannotBeWritten_areSaidBeforeAnyWork() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        String model =
                PictureFiles.untrained(data, folder.resolve("m.safetensors")).toString();
        for (var wrong : List.of(
                List.of("--list", "-4"),
                List.of("--port", "99999"),
                List.of("--order", "name"),
                List.of("--list", "4", "--no-browser"))) {
            var arguments = new ArrayList<>(List.of("clean", model, data.toString()));
            arguments.addAll(wrong);
            var run = Run.of(arguments.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s", wrong).isEqualTo(2);
            assertThat(run.err()).contains("--", "Maybe");
        }
        Files.writeString(data.resolve(".espalier"), "a file where the journal should be");
        var run = Run.of("clean", model, data.toString(), "--no-browser");
        assertThat(run.exitCode()).isEqualTo(73);
        assertThat(run.err()).contains("cannot write", ".espalier", "Maybe");
        assertThat(Run.of("clean", model, data.toString(), "--list", "1").exitCode())
                .as("the list writes nothing")
                .isZero();
    }

    @Test
    void thePage_isServedUntilItIsStopped() throws Exception {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 3);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int[] code = {-1};
        var command = new Thread(() -> code[0] = Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "clean",
                model.toString(),
                data.toString(),
                "--no-browser"));
        command.start();
        var link = Pattern.compile("(http://127\\.0\\.0\\.1:[0-9]+)/#token=([0-9a-f]{48})\\s");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!link.matcher(out.toString(StandardCharsets.UTF_8)).find() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        var found = link.matcher(out.toString(StandardCharsets.UTF_8));
        assertThat(found.find()).as(err.toString(StandardCharsets.UTF_8)).isTrue();
        var request = HttpRequest.newBuilder(URI.create(found.group(1) + "/api/set"))
                .header("X-Espalier-Token", found.group(2))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"retrain\":true");
        var second = Run.of("clean", model.toString(), data.toString(), "--no-browser");
        assertThat(second.exitCode()).isEqualTo(73);
        assertThat(second.err()).contains("open in a cleaner", "Maybe");
        assertThat(Run.of("verify", data.toString(), "--undo").exitCode()).isEqualTo(73);
        assertThat(Run.of("clean", model.toString(), data.toString(), "--list", "1")
                        .exitCode())
                .isZero();
        command.interrupt();
        command.join(20_000);
        assertThat(code[0]).isEqualTo(130);
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain(found.group(2));
    }

    @Test
    void retraining_judgesOldAndNewByTheSamePictures() throws IOException {
        Path data = folder.resolve("data");
        PictureFiles.twoClasses(data.resolve("train"), 8);
        PictureFiles.twoClasses(data.resolve("valid"), 4);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        var result = Retrain.of(model, data).run();
        assertThat(result.out())
                .isEqualTo(folder.resolve("m.cleaned.safetensors"))
                .exists();
        assertThat(result.validItems()).isEqualTo(8);
        var before = Evaluate.of(model, data.resolve("valid")).run(Progress.NONE);
        var after = Evaluate.of(result.out(), data.resolve("valid")).run(Progress.NONE);
        assertThat(result.before().errorRate()).isCloseTo(before.metrics().get("error_rate"), within(1e-9));
        assertThat(result.before().loss()).isCloseTo(before.loss(), within(1e-5));
        assertThat(result.after().errorRate()).isCloseTo(after.metrics().get("error_rate"), within(1e-9));
        assertThat(result.after().loss()).isCloseTo(after.loss(), within(1e-5));
    }

    @Test
    void theCleanerAndRetraining_splitAsTheModelWasTrained() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 20);
        Path model = folder.resolve("m.safetensors");
        var options =
                "--seed 7 --valid 0.5 --size 32 --batch-size 4 --epochs 0 --freeze-epochs 1 --lr 0.001 --augment none"
                        + " --min-scale 0.5 --precision float32";
        var trained = Run.of(("train image " + data + " --out " + model + " " + options).split(" "));
        assertThat(trained.exitCode()).as(trained.err()).isZero();

        var spec = Retrain.of(model, data).training();
        assertThat(spec.seed()).isEqualTo(7);
        assertThat(spec.precision()).isEqualTo(Precision.FLOAT32);
        assertThat(spec.schedule()).isEqualTo(FineTune.of(0).freezeEpochs(1).lr(0.001));
        assertThat(spec.pictures())
                .isEqualTo(PictureOptions.standard()
                        .size(32)
                        .batchSize(4)
                        .validShare(0.5)
                        .augment(Variation.Augment.NONE)
                        .minScale(0.5));
        var valid =
                spec.loaders().valid().dataset().items().stream().map(Item::id).toList();
        assertThat(valid).hasSizeGreaterThan(10);
        var listed = Run.of("clean", model.toString(), data.toString(), "--list", "40", "--json");
        var shown = new ArrayList<String>();
        listed.json().get("pictures").forEach(one -> {
            if (one.get("split").asString().equals("valid")) {
                shown.add(one.get("file").asString());
            }
        });
        assertThat(shown).containsExactlyInAnyOrderElementsOf(valid);
        var told = LabelledPictures.of(data).part(Splits.Part.VALID).seed(7).validShare(0.5);
        var before = new Evaluate(model, told).run(Progress.NONE);
        assertThat(before.n()).isEqualTo(valid.size());
        var judged = Run.of("evaluate", model.toString(), data.toString(), "--split", "valid", "--json");
        assertThat(judged.json().get("n").asInt()).isEqualTo(valid.size());
        assertThat(judged.json().get("loss").asDouble()).isCloseTo(before.loss(), within(1e-6));
        var other = Run.of(("evaluate " + model + " " + data + " --split valid --valid 0.1 --json").split(" "));
        assertThat(other.json().get("n").asInt()).isLessThan(10);
        var result = Retrain.of(model, data).run();
        assertThat(result.validItems()).isEqualTo(valid.size());
        assertThat(result.before().loss()).isCloseTo(before.loss(), within(1e-6));
    }

    @Test
    void retraining_withANewLabel_judgesBothByThePicturesThatBothKnow() throws IOException {
        Path data = folder.resolve("data");
        PictureFiles.twoClasses(data.resolve("train"), 8);
        PictureFiles.twoClasses(data.resolve("valid"), 4);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path old = folder.resolve("old");
        PictureFiles.twoClasses(old, 4); // the validation pictures without those of the new label
        for (int i = 0; i < 4; i++) {
            PictureFiles.png(data.resolve("train/green/" + i + ".png"), new Color(10, 220 - i, 10));
            PictureFiles.png(data.resolve("valid/green/" + i + ".png"), new Color(20, 220 - i, 20));
        }
        var result = Retrain.of(model, data).run();
        assertThat(result.report().classes()).containsExactly("blue", "green", "red");
        assertThat(result.validItems()).isEqualTo(8);
        var before = Evaluate.of(model, old).run(Progress.NONE);
        var after = Evaluate.of(result.out(), old).run(Progress.NONE);
        assertThat(after.n()).isEqualTo(8);
        assertThat(result.before().loss()).isCloseTo(before.loss(), within(1e-5));
        assertThat(result.after().loss()).isCloseTo(after.loss(), within(1e-5));
        assertThat(result.after().errorRate()).isCloseTo(after.metrics().get("error_rate"), within(1e-9));
    }

    /** Pictures that are red, blue, both or neither, and what is in each in a table; one row is wrong. */
    private Path tagged(Path data) throws IOException {
        var rows = new ArrayList<>(List.of("file,tags,split"));
        for (int i = 0; i < 24; i++) {
            boolean red = i % 4 == 0 || i % 4 == 2;
            boolean blue = i % 4 == 1 || i % 4 == 2;
            Color colour = new Color(red ? 200 + i : 20, 20, blue ? 200 + i : 20);
            PictureFiles.png(data.resolve(i + ".png"), colour);
            String tags = i == 6 ? "red" : (red ? "red " : "") + (blue ? "blue" : "");
            rows.add(i + ".png," + tags.strip() + "," + (i < 16 ? "train" : "valid"));
        }
        return Files.write(folder.resolve("tags.csv"), rows);
    }

    @Test
    void tagsOfATable_areTrainedJudgedAndListed_byTheCommandLine() throws IOException {
        Path data = folder.resolve("data");
        Path csv = tagged(data);
        Path model = folder.resolve("tags.safetensors");
        String train =
                "train image " + data + " --size 32 --batch-size 8 --epochs 0 --augment none --json --csv " + csv;
        var trained = Run.of((train + " --tags --out " + model).split(" "));
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        assertThat(trained.json().get("classes").toString()).isEqualTo("[\"blue\",\"red\"]");
        assertThat(trained.json().get("warnings")).isEmpty();
        assertThat(trained.json().at("/history/0/metrics").propertyNames()).containsExactly("accuracy_multi");
        try (var predictor = Predictor.load(model)) {
            assertThat(predictor.document().isMultiLabel()).isTrue();
            assertThat(predictor.document().thresholds()).hasSize(1);
        }
        String those = model + " " + data + " --csv " + csv;
        var judged = Run.of(("evaluate " + those + " --split valid --json").split(" "));
        assertThat(judged.exitCode()).as(judged.err()).isZero();
        assertThat(judged.json().get("n").asInt()).isEqualTo(8);
        var report = Run.of(("interpret " + those + " --out " + folder.resolve("report")).split(" "));
        assertThat(report.exitCode()).as(report.err()).isZero();
        var listed = Run.of(("clean " + those + " --list 24 --json").split(" "));
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        assertThat(listed.json().get("n").asInt()).isEqualTo(24);

        var combined = Run.of((train + " --out " + folder.resolve("one.safetensors")).split(" "));
        assertThat(combined.exitCode()).as(combined.err()).isZero();
        assertThat(combined.err()).contains("look like several tags in one text, such as \"red blue\"", "--tags");
        var folders = Run.of(("train image " + data + " --tags --out " + folder.resolve("f.safetensors")).split(" "));
        assertThat(folders.exitCode()).isEqualTo(2);
        assertThat(folders.err()).contains("Maybe add --csv");
    }

    @Test
    void tagsOfATable_areCleaned_andLearntAgain() throws IOException {
        Path data = folder.resolve("data");
        Path csv = tagged(data);
        Path model = folder.resolve("tags.safetensors");
        TrainImage.of(data, model)
                .pictures(PictureOptions.standard()
                        .size(32)
                        .batchSize(8)
                        .table(Source.table(csv).tags(true)))
                .schedule(FineTune.of(1))
                .run();
        try (var predictor = Predictor.load(model)) {
            assertThat(predictor.document().isMultiLabel()).isTrue();
            var cleaner = Cleaner.of(predictor, TableSet.of(data, csv).separator(" "), Progress.NONE);
            var wrong = cleaner.find("6.png").orElseThrow();
            assertThat(wrong.labels()).containsExactly("red");
            cleaner.choose(wrong, Choice.relabel("blue", "red"));
            assertThat(cleaner.apply(cleaner.plan()).changes()).hasSize(1);
        }
        assertThat(folder.resolve("tags.cleaned.csv")).content().contains("6.png,blue red,train");
        var listed =
                Run.of("clean", model.toString(), data.toString(), "--csv", csv.toString(), "--list", "24", "--json");
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        assertThat(listed.json().get("n").asInt()).isEqualTo(24);
        var result = Retrain.of(model, data).csv(csv).schedule(FineTune.of(1)).run();
        assertThat(result.validItems()).isEqualTo(8);
        assertThat(result.before().errorRate()).isBetween(0.0, 1.0);
        assertThat(result.after().errorRate()).isBetween(0.0, 1.0);
        assertThat(result.after().loss()).isPositive();
        try (var again = Predictor.load(result.out())) {
            assertThat(again.document().isMultiLabel()).isTrue();
            assertThat(again.classes()).containsExactly("blue", "red");
        }
        var judged = Evaluate.of(result.out(), data);
        var valid = LabelledPictures.of(data).csv(csv).part(Splits.Part.VALID);
        assertThat(new Evaluate(judged.model(), valid).run(Progress.NONE).loss())
                .isCloseTo(result.after().loss(), within(1e-5));
    }

    @Test
    void verifyUndo_bringsRowsOfATableBack_orRefusesBeforeAnyWork() throws IOException {
        Path data = PictureFiles.twoClasses(folder.resolve("data"), 2);
        Path model = PictureFiles.untrained(data, folder.resolve("m.safetensors"));
        Path csv = Files.writeString(folder.resolve("t.csv"), "file,label\nred/0.png,blue\nblue/0.png,blue\n");
        try (var predictor = Predictor.load(model)) {
            var cleaner = Cleaner.of(predictor, TableSet.of(data, csv), Progress.NONE);
            cleaner.choose(cleaner.find("red/0.png").orElseThrow(), Choice.relabel("red"));
            assertThat(cleaner.apply(cleaner.plan()).error()).isEmpty();
        }
        Path cleaned = folder.resolve("t.cleaned.csv");
        var refused = Run.of("verify", data.toString(), "--undo");
        assertThat(refused.exitCode()).isEqualTo(73);
        assertThat(refused.err()).contains("nothing was undone", "--undo --csv " + csv);
        assertThat(cleaned).content().contains("red/0.png,red");
        assertThat(Run.of("verify", data.toString(), "--csv", csv.toString()).exitCode())
                .isEqualTo(2);
        var undone = Run.of("verify", data.toString(), "--undo", "--csv", csv.toString());
        assertThat(undone.exitCode()).as(undone.err()).isZero();
        assertThat(undone.out()).isEqualTo("1 picture has its old row in the table again" + System.lineSeparator());
        assertThat(cleaned).doesNotExist();
    }

    /** Copies the photographs, ten of each kind into the folder of the other. Gives the paths of those. */
    private static Set<String> plant(Path from, Path data, long seed) throws IOException {
        Set<String> wrong = new HashSet<>();
        for (String label : List.of("cat", "dog")) {
            List<Path> files;
            try (var all = Files.list(from.resolve(label))) {
                files = new ArrayList<>(all.sorted().toList());
            }
            assertThat(files).hasSize(200);
            Collections.shuffle(files, new Random(seed));
            for (int i = 0; i < files.size(); i++) {
                String folder = i < 10 == label.equals("cat") ? "dog" : "cat";
                Path to = data.resolve(folder + "/" + label + "-" + files.get(i).getFileName());
                Files.createDirectories(to.getParent());
                Files.copy(files.get(i), to);
                if (i < 10) {
                    wrong.add(folder + "/" + to.getFileName());
                }
            }
        }
        return wrong;
    }

    @Test
    @Tag("real")
    void twentyPlantedLabels_areAmongTheFirstFortyByLoss_andCleaningHelps() throws IOException {
        Path data = folder.resolve("data");
        var wrong = plant(PictureFiles.shared().resolve("data/dogs-vs-cats"), data, 1);
        assertThat(wrong).hasSize(20);
        Path model = folder.resolve("pets.safetensors");
        // On all pictures, the wrong ones included, as one would: nobody knows yet which they are.
        var trained = Run.of(
                "train",
                "image",
                data.toString(),
                "--out",
                model.toString(),
                "--epochs",
                "0",
                "--freeze-epochs",
                "1",
                "--size",
                "160");
        assertThat(trained.exitCode()).as(trained.err()).isZero();
        var listed = Run.of("clean", model.toString(), data.toString(), "--list", "40", "--json");
        assertThat(listed.exitCode()).as(listed.err()).isZero();
        int found = 0;
        for (var picture : listed.json().get("pictures")) {
            found += wrong.contains(picture.get("file").asString()) ? 1 : 0;
        }
        System.out.println("planted wrong labels among the first 40 by loss: " + found + " of 20");
        assertThat(found).isGreaterThanOrEqualTo(16);

        try (var predictor = Predictor.load(model)) {
            var cleaner = Cleaner.of(predictor, data);
            for (var picture : cleaner.pictures(Query.all()).subList(0, 40)) {
                if (wrong.contains(picture.file())) { // what somebody would do who looks at the forty
                    cleaner.choose(picture, Choice.relabel(picture.label().equals("cat") ? "dog" : "cat"));
                }
            }
            assertThat(cleaner.apply(cleaner.plan()).changes()).hasSize(found);
        }
        var result = Retrain.of(model, data).run();
        System.out.println("error rate on " + result.validItems() + " validation pictures: "
                + result.before().errorRate()
                + " -> " + result.after().errorRate() + ", loss "
                + result.before().loss() + " -> "
                + result.after().loss());
        assertThat(result.after().loss()).isLessThan(result.before().loss());
    }
}
