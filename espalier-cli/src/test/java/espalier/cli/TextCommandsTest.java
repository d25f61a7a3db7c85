package espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCommandsTest {
    private static final List<String> GOOD = List.of("love", "great", "schön", "好");
    private static final List<String> BAD = List.of("hate", "awful", "häßlich", "坏");

    @TempDir
    Path folder;

    /** Rows that a word in them tells the label of. */
    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "\"number %d, I %s \"\"this\"\"\",%s\n"
                        .formatted(i, (i % 2 == 0 ? GOOD : BAD).get(i / 2 % 4), i % 2 == 0 ? "good" : "bad"))
                .collect(Collectors.joining());
    }

    private Path table(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String trained() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120));
        String model = folder.resolve("texts.safetensors").toString();
        var run = Run.of("train", "text", data.toString(), "--out", model);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return model;
    }

    @Test
    void train_writesAModelAndTellsOfIt() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 200));
        String model = folder.resolve("m.safetensors").toString();
        var json = Run.of("train", "text", data.toString(), "--out", model, "--json")
                .json();
        assertThat(json.get("model").asString()).isEqualTo("linear");
        assertThat(json.get("classes").toString()).isEqualTo("[\"bad\",\"good\"]");
        assertThat(json.get("n_train").asInt()).isEqualTo(120);
        assertThat(json.get("n_valid").asInt()).isEqualTo(40);
        assertThat(json.get("n_test").asInt()).isEqualTo(40);
        assertThat(json.get("history").size()).isPositive();
        assertThat(json.get("metrics").get("test_accuracy").asDouble()).isGreaterThan(0.9);
        var again = Run.of("train", "text", data.toString(), "--out", model);
        assertThat(again.out())
                .contains(
                        "120 training, 40 validation and 40 test texts in 2 classes",
                        "strength",
                        "test   accuracy",
                        "saved ");
        assertThat(again.out().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void clean_listsSuspects_byModelsThatDidNotSeeThem() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120) + "\"I love 121\",bad\n");
        String model = folder.resolve("m.safetensors").toString();
        assertThat(Run.of("train", "text", data.toString(), "--out", model).exitCode())
                .isZero();
        var run = Run.of("clean", model, data.toString(), "--list", "3");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines().skip(1).findFirst().orElseThrow()).startsWith("train.csv line 122: I love 121");
        var json =
                Run.of("clean", model, data.toString(), "--list", "3", "--json").json();
        assertThat(json.get("n").asInt()).isEqualTo(121);
        assertThat(json.at("/pictures/0/text").asString()).isEqualTo("I love 121");
        assertThat(folder.resolve(".espalier")).doesNotExist();
        var both = Run.of("clean", model, data.toString(), "--csv", data.toString(), "--list", "1");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("the model takes texts", "Maybe leave them out");
        assertThat(Run.of("clean", model, folder.resolve("none.csv").toString()).exitCode())
                .isEqualTo(66);
        assertThat(Run.of("clean", model, data.toString(), "--list", "1", "--text-column", "no")
                        .exitCode())
                .isEqualTo(65);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "bag"})
    void numbers_areTrained_judged_andPredicted(String kind) throws IOException {
        var words = List.of("awful", "bad", "fair", "good", "great");
        var rows = new StringBuilder("review,stars,price\n");
        for (int i = 0; i < 200; i++) {
            rows.append("a %s thing %d,%d,%d\n".formatted(words.get(i % 5), i, i % 5 + 1, 100 * (i % 5)));
        }
        Path data = table("reviews.csv", rows + "no stars,many,3\nnone,,2\n");
        String model = folder.resolve("m.safetensors").toString();
        var command = new ArrayList<>(List.of(
                "train",
                "text",
                data.toString(),
                "--text-column",
                "review",
                "--target",
                "stars,price",
                "--out",
                model));
        command.addAll(List.of("--json", "--model", kind));
        if (kind.equals("bag")) {
            command.addAll(List.of("--epochs", "20", "--lr", "2e-2", "--batch-size", "16"));
        }
        var run = Run.of(command.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        var json = run.json();
        assertThat(json.get("classes").toString()).isEqualTo("[\"stars\",\"price\"]");
        assertThat(json.at("/metrics/test_r2_score").asDouble()).isGreaterThan(0.9);
        assertThat(json.at("/rejected/0/reason").asString()).isEqualTo("its stars, many, is no finite number");
        assertThat(json.at("/rejected/1/reason").asString()).isEqualTo("has no stars");

        var judged = Run.of("evaluate", model, data.toString(), "--json").json();
        assertThat(judged.at("/metrics/r2_score").asDouble()).isGreaterThan(0.9);
        assertThat(Run.of("evaluate", model, data.toString()).out()).contains("texts", "mae", "rmse", "r2_score");
        assertThat(Run.of("predict", model, "--text", "a great thing").out())
                .containsPattern("stars [45]\\.[0-9]+, price");
        var csv = Run.of("predict", model, data.toString()).out().lines().toList();
        assertThat(csv.get(0)).isEqualTo("review,stars,price,stars_predicted,price_predicted");
        assertThat(Float.parseFloat(csv.get(1).split(",")[3])).isCloseTo(1f, within(0.9f));
        assertThat(Run.of("interpret", model, data.toString(), "--out", folder + "/r")
                        .err())
                .contains("the model says quantities", "Maybe evaluate it");
        assertThat(Run.of("clean", model, data.toString(), "--list", "1").err()).contains("the model says quantities");
    }

    @Test
    void numbersAndLabels_doNotGoTogether() throws IOException {
        String data = table("train.csv", "text,label,stars\n").toString();
        for (var wrong : List.of(List.of("--tags"), List.of("--label-column", "label"), List.of("--balanced"))) {
            var command = new ArrayList<>(
                    List.of("train", "text", data, "--target", "stars", "--out", folder + "/m.safetensors"));
            command.addAll(wrong);
            var run = Run.of(command.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s", wrong).isEqualTo(2);
            assertThat(run.err()).contains("--target", "Maybe");
        }
    }

    @Test
    void aTokenizerOfHuggingFace_isReadAndKeptInTheModel() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120));
        String words = "{\"[UNK]\":0,\"hate\":1,\"love\":2,\"gre\":3,\"##at\":4,\"aw\":5,\"##ful\":6}";
        Path tokenizer = table(
                "tokenizer.json",
                "{\"normalizer\":{\"type\":\"BertNormalizer\"},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
                        + "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"vocab\":" + words + "}}");
        String model = folder.resolve("m.safetensors").toString();
        var run = Run.of(
                "train",
                "text",
                data.toString(),
                "--model",
                "bag",
                "--lr",
                "5e-2",
                "--tokenizer",
                tokenizer.toString(),
                "--out",
                model);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("9 tokens"); // those of the file, <unk> and <pad>
        Files.delete(tokenizer);
        assertThat(Run.of("predict", model, "--text", "GREAT!").out()).startsWith("good");
        table("tokenizer.json", "{\"model\":{\"type\":\"Neural\"}}");
        var refused = Run.of(
                "train",
                "text",
                data.toString(),
                "--model",
                "bag",
                "--tokenizer",
                tokenizer.toString(),
                "--out",
                model);
        assertThat(refused.exitCode()).isEqualTo(65);
        assertThat(refused.err()).contains("tokenizer.json", "the model Neural is not supported", "Maybe");
    }

    @Test
    void resume_isForNetworks() throws IOException {
        String data = table("train.csv", "text,label\n" + rows(0, 40)).toString();
        var run = Run.of("train", "text", data, "--resume", "--out", folder + "/m.safetensors");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--resume is for networks", "Maybe");
        String[] network = {
            "train", "text", data, "--model", "bag", "--epochs", "1", "--resume", "--out", folder + "/m.safetensors"
        };
        var anew = Run.of(network);
        assertThat(anew.exitCode()).isZero();
        assertThat(anew.err()).contains("there is no checkpoint in", "starts anew");
        assertThat(Run.of(network).exitCode()).isEqualTo(66);
    }

    @Test
    void jsonLines_areTrainedOn_judgedAndPredicted() throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append("{\"body\": \"%d: I %s it\", \"mood\": \"%s\"}\n"
                    .formatted(i, i % 2 == 0 ? "love" : "hate", i % 2 == 0 ? "good" : "bad"));
        }
        String data = table("texts.jsonl", lines.toString()).toString();
        String model = folder.resolve("m.safetensors").toString();
        var run = Run.of("train", "text", data, "--text-column", "body", "--label-column", "mood", "--out", model);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("60 training, 20 validation and 20 test texts in 2 classes");
        assertThat(Run.of("evaluate", model, data, "--json")
                        .json()
                        .at("/metrics/accuracy")
                        .asDouble())
                .isGreaterThan(0.9);
        var rows = Run.of("predict", model, data).out().lines().toList();
        assertThat(rows.get(0)).isEqualTo("body,mood,predicted,probability");
        assertThat(rows.get(2)).startsWith("1: I hate it,bad,bad,");
    }

    @Test
    void show_printsTokensLengthsAndWords() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 20));
        var run = Run.of("show", data.toString(), "--texts", "--count", "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "20 texts, ", "tokens a text: ", "most frequent: ", "good: 10 texts", "bad: 10 texts", "line ");
        var json = Run.of("show", data.toString(), "--texts", "--count", "2", "--json")
                .json();
        assertThat(json.get("texts").asInt()).isEqualTo(20);
        assertThat(json.get("samples").size()).isEqualTo(2);
        assertThat(Run.of("show", data.toString(), "--texts", "--text-column", "no")
                        .exitCode())
                .isNotZero();
    }

    @Test
    void trainLanguageModel_thenAClassifierOnIt() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120));
        String language = folder.resolve("language.safetensors").toString();
        String small = " --hidden 12 --embedding 8 --layers 2 --epochs 2 --batch-size 4 --lr 2e-2";
        var first = Run.of(("train language-model " + data + small + " --out " + language).split(" "));
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).contains("training and ", "valid  perplexity ", "saved " + language);
        assertThat(first.out() + first.err()).contains("--model awd-lstm --encoder");
        String model = folder.resolve("awd.safetensors").toString();
        String command = "train text " + data + " --model awd-lstm --encoder " + language + " --out " + model
                + " --epochs 2 --batch-size 8";
        var json = Run.of((command + " --json").split(" ")).json();
        assertThat(json.get("model").asString()).isEqualTo("awd-lstm");
        assertThat(json.get("history").valueStream().map(row -> row.get("phase").asString()))
                .startsWith("head", "unfreezing", "unfreezing", "all")
                .hasSize(5);
        assertThat(json.get("metrics").get("test_loss").asDouble()).isPositive();
        assertThat(Run.of("predict", model, "--text", "what a lovely day").exitCode())
                .isZero();
        assertThat(Run.of((command + " --hidden 5").split(" ")).err()).contains("those of --encoder");
        var asEncoder = Run.of(command.replace(language, model).split(" "));
        assertThat(asEncoder.err()).contains("not a language model");
        assertThat(Run.of(("train language-model " + data + " --pretrained x.pth --out " + language).split(" "))
                        .err())
                .contains("--pretrained and --tokens belong together");
    }

    @Test
    void train_takesNetworksToo() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120));
        String model = folder.resolve("gru.safetensors").toString();
        String[] command = {
            "train",
            "text",
            data.toString(),
            "--model",
            "gru",
            "--embedding",
            "16",
            "--hidden",
            "8",
            "--lr",
            "2e-2",
            "--epochs",
            "6",
            "--batch-size",
            "8",
            "--out",
            model
        };
        var json = Run.of(with(command, "--json")).json();
        assertThat(json.get("model").asString()).isEqualTo("gru");
        assertThat(json.get("classes").toString()).isEqualTo("[\"bad\",\"good\"]");
        assertThat(json.get("n_train").asInt()).isEqualTo(72);
        assertThat(json.get("history").size()).isEqualTo(6);
        assertThat(json.get("history").get(5).get("metrics").get("accuracy").asDouble())
                .isGreaterThan(0.9);
        assertThat(json.get("padding").asDouble()).isBetween(0.0, 0.2);
        assertThat(json.get("metrics").get("test_accuracy").asDouble()).isGreaterThan(0.9);

        var judged = Run.of("evaluate", model, data.toString(), "--json").json();
        assertThat(judged.get("n").asInt()).isEqualTo(48);
        var all = Run.of("predict", model, "--text", "I love it", "--text", "awful 😍", "--json")
                .json();
        assertThat(all.get(0).get("label").asString()).isEqualTo("good");
        assertThat(all.get(1).get("label").asString()).isEqualTo("bad");
        assertThat(Run.of("inspect", model).out()).contains("gru", "text-classification");

        var told = Run.of(with(command, "--save-best", "valid_loss"));
        assertThat(told.out()).contains("valid_loss", "accuracy", "tokens", "weights", "saved ");
    }

    @Test
    void train_startsFromPretrainedVectors() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 60));
        Path vectors = table("glove.txt", "love 1 0 0\nhate 0 1 0\nelsewhere 0 0 1\n");
        var json = Run.of(
                        "train",
                        "text",
                        data.toString(),
                        "--model",
                        "bag",
                        "--vectors",
                        vectors.toString(),
                        "--epochs",
                        "1",
                        "--json",
                        "--out",
                        folder.resolve("bag.safetensors").toString())
                .json();
        int vocabulary = json.get("vocabulary").asInt();
        assertThat(json.get("missing_vectors").asInt())
                .as("all but the two special tokens, love and hate")
                .isEqualTo(vocabulary - 4);
        assertThat(json.get("weights").asInt()).as("three numbers a word").isEqualTo(3 * vocabulary + 2 * 4);
    }

    @Test
    void augment_writesEachRowWithItsCopies() throws IOException {
        Path data = table("train.csv", "text;label;id\nI love this day;good;1\n\"so; awful\";bad;2\n好;good;3\n");
        Path synonyms = table("synonyms.txt", "love;like\nawful;horrible\n");
        Path out = folder.resolve("more.csv");
        String[] command = {
            "augment", "text", data.toString(), "--synonyms", synonyms.toString(), "--per-row", "8", "--out", out + ""
        };
        var json = Run.of(with(command, "--json")).json();
        assertThat(json.get("rows").asInt()).isEqualTo(3);
        assertThat(json.get("copies").asInt()).isBetween(8, 16);
        var lines = Files.readAllLines(out);
        assertThat(lines)
                .startsWith("text;label;id", "I love this day;good;1")
                .contains("\"so; awful\";bad;2", "好;good;3");
        assertThat(lines).hasSize(4 + json.get("copies").asInt());
        assertThat(lines)
                .anyMatch(line -> line.contains("like"))
                .allMatch(line -> line.matches(".*;(label;id|(good|bad);[123])"));
        Run.of(command);
        assertThat(Files.readAllLines(out)).as("the same seed").isEqualTo(lines);
        assertThat(Run.of("augment", "text", data.toString(), "--out", data.toString())
                        .exitCode())
                .isNotZero();
        assertThat(Run.of("augment").err()).contains("which one? augment text.");
    }

    @Test
    void train_changesTrainingTextsByTheWay() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 80));
        Path model = folder.resolve("m.safetensors");
        for (String kind : List.of("bag --epochs 1", "linear")) {
            var run = Run.of(with(
                    ("train text " + data + " --augment 0.2 --json --out " + model + " --model").split(" "),
                    kind.split(" ")));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.json().get("n_train").asInt())
                    .as("texts, not copies")
                    .isEqualTo(48);
            assertThat(Run.of("inspect", model.toString(), "--json").out()).contains("--augment");
        }
    }

    @Test
    void interpret_writesAReportOfTexts() throws IOException {
        String model = trained();
        Path data = table("new.csv", "text,label\nI love it,good\nawful,good\nhate,bad\n");
        Path out = folder.resolve("report");
        var run = Run.of("interpret", model, data.toString(), "--out", out.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("texts", "macro F1", "report.html");
        assertThat(Files.readString(out.resolve("report.html"))).contains("awful", "What speaks for each class");
        var json = Run.of("interpret", model, data.toString(), "--out", out.toString(), "--json")
                .json();
        assertThat(json.get("files").size()).isGreaterThan(3);
    }

    @Test
    void lrFind_suggestsARateForANetwork() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 240));
        Path plot = folder.resolve("lr.png");
        String[] command = {
            "lr-find",
            "text",
            data.toString(),
            "--model",
            "bag",
            "--embedding",
            "16",
            "--batch-size",
            "8",
            "--out",
            plot + ""
        };
        var run = Run.of(command);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("suggestion", "next: espalier train text", "--batch-size 8 --lr", "train.safetensors");
        assertThat(plot).isNotEmptyFile();
        var json = Run.of(with(command, "--json")).json();
        assertThat(json.get("suggestions").get("valley").asDouble()).isBetween(1e-6, 1.0);
        var linear = Run.of("lr-find", "text", data.toString());
        assertThat(linear.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(linear.err()).contains("--model linear has no learning rate");
        assertThat(Run.of(with(command, "--lr", "0.1")).err()).contains("--schedule are what the search is for");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "--hidden 8, --hidden is for networks",
        "--optimizer sgd, is for networks",
        "--model bert, 'only awd-lstm, bag, cnn, gru, lstm, rnn'",
        "--model lstm --strength 3, are for --model linear",
        "--model lstm --mixup 0.4, texts cannot be mixed",
        "--model cnn --layers 2, 'lstm, gru and rnn, not for --model cnn'",
        "--model bag --hidden 2, Maybe --embedding",
        "--model lstm --dropout 1, --dropout is 1",
        "--model gru --vectors none.txt, none.txt",
        "--augment 2, --augment is 2",
        "--augment 0.1 --split .8/0/.2, Maybe --split",
        "--model gru --synonyms none.txt, is for --augment"
    })
    void train_refusesOptionsThatDoNotFit(String options, String message) throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 40));
        var run = Run.of(with(
                new String[] {"train", "text", data.toString(), "--out", folder + "/m.safetensors"},
                options.split(" ")));
        assertThat(run.exitCode()).isIn(ExitCodes.USAGE, ExitCodes.NO_INPUT);
        assertThat(run.err()).contains(message);
    }

    @Test
    void evaluate_agreesWithTheTraining() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 120));
        String model = folder.resolve("m.safetensors").toString();
        var trained = Run.of("train", "text", data.toString(), "--out", model, "--json")
                .json();
        var judged = Run.of("evaluate", model, data.toString(), "--json").json();
        assertThat(judged.get("n").asInt()).isEqualTo(trained.get("n_test").asInt());
        assertThat(judged.get("loss").asDouble())
                .isCloseTo(trained.get("metrics").get("test_loss").asDouble(), within(1e-5));
        assertThat(judged.get("note").asString()).contains("it is judged by the other 24");
        var all = Run.of("evaluate", model, data.toString(), "--split", "all", "--json")
                .json();
        assertThat(all.get("n").asInt()).isEqualTo(120);
        var others = table("others.csv", "label;text\ngood;I love number 7\nugly;I hate it\nBAD;I hate it\n");
        var table = Run.of("evaluate", model, others.toString());
        assertThat(table.out()).contains("accuracy", "f1_macro", "1.0000");
        assertThat(table.err())
                .contains(
                        "line 3: its class ugly is not one of the model's\n",
                        "line 4: its class BAD is not one of the model's, maybe bad");
    }

    @Test
    void predict_takesTextsLinesFilesAndTables() throws IOException {
        String model = trained();
        var texts = Run.of("predict", model, "--text", "I love it", "--text", "awful <b>\u001b[31m", "--json")
                .json();
        assertThat(texts.get(0).get("label").asString()).isEqualTo("good");
        assertThat(texts.get(1).get("label").asString()).isEqualTo("bad");
        assertThat(texts.get(0).get("text").asString()).isEqualTo("I love it");
        assertThat(Run.of("predict", model, "--text", "awful\u001b[31m").out()).contains("awful\\u001b[31m");

        var file = Files.writeString(folder.resolve("one.txt"), "schön und schön");
        assertThat(Run.of("predict", model, file.toString()).out()).startsWith("good");

        var table = table("new.csv", "id,text\n1,I love this\n2,\"=I hate, this\"\n3,\n");
        assertThat(Run.of("predict", model, table.toString())
                        .out()
                        .lines()
                        .map(line -> line.replaceAll("[0-9.]+$", "P")))
                .containsExactly(
                        "id,text,predicted,probability", "1,I love this,good,P", "2,\"=I hate, this\",bad,P", "3,,,");
    }

    @Test
    void predict_readsLinesOfStandardInput() throws IOException {
        String model = trained();
        var usual = System.in;
        try {
            System.setIn(new ByteArrayInputStream("I love this\n\n坏 坏\n".getBytes(StandardCharsets.UTF_8)));
            var lines = Run.of("predict", model, "--csv").out().lines().toList();
            assertThat(lines).hasSize(4);
            assertThat(lines.get(0)).isEqualTo("text,label,index,probability,error");
            assertThat(lines.get(1)).startsWith("I love this,good,1,");
            assertThat(lines.get(3)).startsWith("坏 坏,bad,0,");
        } finally {
            System.setIn(usual);
        }
    }

    @Test
    void inspect_showsHowTextsAreRead() throws IOException {
        assertThat(Run.of("inspect", trained()).out())
                .contains("text-classification", "linear", "tokenizer=words", "classes       2: bad, good");
    }

    @Test
    void tags_mayBeSeveral() throws IOException {
        String text = IntStream.range(0, 120)
                .mapToObj(i -> "line %d %s %s,%s %s\n"
                        .formatted(
                                i,
                                i % 2 == 0 ? "sun" : "",
                                i % 3 == 0 ? "bus" : "",
                                i % 2 == 0 ? "weather" : "",
                                i % 3 == 0 ? "traffic" : ""))
                .collect(Collectors.joining());
        Path data = table("tags.csv", "text,tags\n" + text);
        String model = folder.resolve("tags.safetensors").toString();
        var run = Run.of("train", "text", data.toString(), "--tags", "--split", ".6/0/.4", "--out", model, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("metrics").get("test_accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(Run.of("predict", model, "--text", "the bus in the sun").out())
                .startsWith("traffic, weather");
        assertThat(Run.of("evaluate", model, data.toString(), "--split", "all").exitCode())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "windows-1252", "UTF-8"})
    void C01_train_readsEveryEncoding(String encoding) throws IOException {
        String mark = encoding.equals("windows-1252") ? "" : "\uFEFF";
        String rows = rows(0, 80).replace("好", "süß").replace("坏", "übel");
        Path data = folder.resolve("train.csv");
        Files.write(data, (mark + "text,label\n" + rows).getBytes(Charset.forName(encoding)));
        String model = folder.resolve("m.safetensors").toString();
        var run = Run.of("train", "text", data.toString(), "--out", model);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(Run.of("predict", model, "--text", "häßlich").out()).startsWith("bad");
        if (encoding.equals("windows-1252")) {
            assertThat(run.err()).contains("is no UTF-8 (line 6)");
        }
    }

    @Test
    void C02_train_takesQuotesAndLinesInCells() throws IOException {
        Path data = table(
                "train.csv", "text,label\r" + rows(0, 80).replace("I ", "I\n").replace("\n\"number", "\r\n\"number"));
        String model = folder.resolve("m.safetensors").toString();
        var run = Run.of("train", "text", data.toString(), "--out", model, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.json().get("n_train").asInt()).isEqualTo(48);
        Path broken = table("broken.csv", "text,label\n\"never closed,good\n" + rows(0, 9));
        assertThat(Run.of("train", "text", broken.toString(), "--out", model).exitCode())
                .isEqualTo(65);
    }

    @Test
    void C03_train_refusesTablesWithZeroBytes() throws IOException {
        Path data = table("zero.csv", "text,label\nfine,good\nno\u0000t,bad\n");
        var run = Run.of(
                "train",
                "text",
                data.toString(),
                "--out",
                folder.resolve("m.safetensors").toString());
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("line 3 has a byte 0");
    }

    @Test
    void C04_train_namesTheColumnsThereAre() throws IOException {
        String out = folder.resolve("m.safetensors").toString();
        Path data = table("train.csv", "id,message,kind\n1,hello,a\n");
        var unknown = Run.of("train", "text", data.toString(), "--out", out);
        assertThat(unknown.exitCode()).isEqualTo(65);
        assertThat(unknown.err()).contains("usual for labels", "id, message, kind", "Maybe");
        var misspelt = Run.of("train", "text", data.toString(), "--label-column", "knd", "--out", out);
        assertThat(misspelt.err()).contains("has no column knd", "0 id, 1 message, 2 kind");
        for (String text : List.of("", "text,label\n")) {
            var empty = Run.of("train", "text", table("e.csv", text).toString(), "--out", out);
            assertThat(empty.exitCode()).isEqualTo(65);
            assertThat(empty.err()).containsAnyOf("is empty", "no row but the header");
        }
        var missing = Run.of("train", "text", folder.resolve("none.csv").toString(), "--out", out);
        assertThat(missing.exitCode()).isEqualTo(66);
        assertThat(Files.exists(Path.of(out))).isFalse();
    }

    @Test
    void C05_train_tellsOfRowsWithoutTextOrLabel() throws IOException {
        Path data =
                table("train.csv", "text,label\n" + rows(0, 60) + ",good\nno label,\nnot known,NaN\ntoo,good,many\n");
        String out = folder.resolve("m.safetensors").toString();
        var run = Run.of("train", "text", data.toString(), "--out", out, "--json");
        assertThat(run.json().get("rejected").toString())
                .contains("line 62", "has no text", "line 63", "line 64", "has no label", "line 65", "has 3 cells");
        assertThat(run.json().get("n_train").asInt()).isEqualTo(36);
    }

    @Test
    void train_namesClassesWithASingleText() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 20) + "odd one,oops\n");
        var run = Run.of(
                "train",
                "text",
                data.toString(),
                "--out",
                folder.resolve("m.safetensors").toString());
        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.err()).contains("1 of 3 classes has a single text: oops (line 22)");
    }

    @Test
    void train_refusesWrongOptionsBeforeAnyWork() throws IOException {
        Path data = table("train.csv", "text,label\n" + rows(0, 20));
        String out = folder.resolve("m.safetensors").toString();
        for (List<String> wrong : List.of(
                List.of("--split", ".5/.5"),
                List.of("--split", "0/.5/.5"),
                List.of("--split", "a/b/c"),
                List.of("--strength", "0"),
                List.of("--max-features", "0"),
                List.of("--tags", "--balanced"))) {
            var line = new java.util.ArrayList<>(List.of("train", "text", data.toString(), "--out", out));
            line.addAll(wrong);
            var run = Run.of(line.toArray(String[]::new));
            assertThat(run.exitCode()).as(wrong.toString()).isEqualTo(2);
            assertThat(run.err()).contains(wrong.get(0));
        }
        var onto = Run.of("train", "text", data.toString(), "--out", data.toString());
        assertThat(onto.exitCode()).isEqualTo(73);
        assertThat(Files.readString(data)).startsWith("text,label");
        assertThat(Run.of("predict", data.toString(), "--text", "x").exitCode()).isNotZero();
    }
}
