"""Makes and runs the notebooks of docs/notebooks: the first chapters of the book, cell by cell, and a classifier of dogs and cats.

    python3 -m venv venv && venv/bin/pip install jjava==1.0a8 nbclient nbformat
    ./espalier doctor                                # builds the application folder
    venv/bin/python tools/notebooks/make.py [NAME...]

A chapter's cells are the code of its page, in the page's order; its outputs are what the kernel says. NotebooksTest compares both
with the page. The classifier needs ../shared/data/dogs-vs-cats, or a folder named by PHOTOS. ESPALIER_CLASSPATH replaces the jars of
the application folder.
"""

import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "notebooks"
BOOK = ROOT / "espalier-examples" / "src" / "main" / "java" / "espalier" / "examples" / "book"
START = """import java.io.PrintStream;
import java.nio.file.*;
import java.util.*;
PrintStream print = System.out;
Path out = Files.createTempDirectory("espalier");"""
TWO_CLASSES = """Path folder = out.resolve("bag-trouser");
for (String part : List.of("train/bag", "train/trouser", "test/bag", "test/trouser")) {
    Files.createDirectories(folder.resolve(part));
    try (var files = Files.list(Path.of("../../samples/fashion-mnist").resolve(part))) {
        for (Path file : files.toList()) {
            Files.copy(file, folder.resolve(part).resolve(file.getFileName()));
        }
    }
}"""
DATA = """var model = new SimpleNet();
model.reset(Rng.of(42));
var data = DataBlock.of(Blocks.image(), Blocks.category())
        .split(Splits.byFunction(item -> item.id().startsWith("test/")))
        .itemTransform(Transforms.resizeShortSide(64))
        .batchSize(32)
        .loaders(folder);"""
# What a page leaves out, before the region that needs it; and regions that a notebook needs later than the page shows them.
BEFORE = {"first-network": {"byHand": TWO_CLASSES, "learner": DATA}}
AFTER = {"first-network": {"byHand": "predict"}}
PHOTOS = [
    "# Dogs and cats\n\nA classifier of photographs in one notebook: look at them, train, see the mistakes, keep the model, predict. The "
    "weights of the body come with Espalier.",
    """import espalier.data.*;
import espalier.image.Transforms;
import espalier.interpret.Interpretation;
import espalier.item.Items;
import espalier.metric.Metrics;
import espalier.predict.Predictor;
import espalier.vision.*;
import espalier.vision.augment.Augmentations;
import espalier.vision.model.Models;
import java.nio.file.*;
import javax.imageio.ImageIO;
Path photos = Path.of(System.getenv().getOrDefault("PHOTOS", "../../../shared/data/dogs-vs-cats"));
Path out = Files.createTempDirectory("espalier");""",
    "A folder for each class, and a fifth of the photographs kept apart to judge by.",
    """var loaders = DataBlock.of(Blocks.image(), Blocks.category())
        .items(Items.imageFiles())
        .split(Splits.random(0.2).seed(42))
        .label(Labels.parentFolder())
        .itemTransform(Transforms.randomResizedCrop(128).minScale(0.5))
        .batchTransform(Augmentations.standard())
        .loaders(photos);
ImageGrid.of(loaders, 6).write(out.resolve("photos.png"));
ImageIO.read(out.resolve("photos.png").toFile());""",
    "A network that knows ImageNet, with a new head; first the head alone, then all of it.",
    """var learner = VisionLearner.of(loaders, Models.efficientNetLite0()).metrics(Metrics.accuracy());
learner.fineTune(1);
learner.history().epochs().forEach(epoch -> System.out.printf("epoch %d: accuracy %.2f%n", epoch.epoch(),
        epoch.metrics().get("accuracy").orElseThrow()));""",
    "Which were taken for which?",
    """System.out.println(Interpretation.of(learner).confusionMatrix().text());""",
    "The model is one file. It says what a photograph shows:",
    """learner.export(out.resolve("dogs.safetensors"));
learner.close();
Path photo = Items.imageFiles().find(photos.resolve("dog")).items().get(0).path();
try (var model = Predictor.load(out.resolve("dogs.safetensors"))) {
    System.out.println(model.predict(photo).label());
}""",
]


def imports(page: str) -> str:
    """The imports of the classes whose regions a page shows."""
    lines = set()
    for name in set(re.findall(r"<!-- region: espalier\.examples\.book\.(\w+)#", page)):
        lines |= set(re.findall(r"^import espalier\.\S+;$", (BOOK / f"{name}.java").read_text(), re.M))
    return "\n".join(sorted(lines))


def chapter(name: str) -> list:
    page = (ROOT / "docs" / "book" / f"{name}.md").read_text().split("\n## Exercises")[0]
    cells, waiting = [], {}
    text = lambda part: cells.append(nbformat.v4.new_markdown_cell(part)) if part else None
    code = lambda part: cells.append(nbformat.v4.new_code_cell(part))
    pattern = r"<!-- region: \S+#(\w+) -->\n```java\n(.*?)\n```|```text\n.*?```"
    place = 0
    for block in re.finditer(pattern, page, re.S):
        text(page[place : block.start()].strip())
        if place == 0:
            code(imports(page) + "\n" + START)
        place = block.end()
        region, source = block.groups()
        if region is None:
            continue
        if region in BEFORE.get(name, {}):
            code(BEFORE[name][region])
        if region in AFTER.get(name, {}):
            waiting[AFTER[name][region]] = source
            continue
        code(source)
        if region in waiting:
            code(waiting.pop(region))
    text(page[place:].strip())
    return cells


def outputs(given: list) -> list:
    """What was printed in one piece, and results; no log, and no photographs, which are not ours to publish."""
    printed = "".join(o.text for o in given if o.get("name") == "stdout")
    results = [o for o in given if o.output_type != "stream" and "image/png" not in o.get("data", {})]
    return ([nbformat.v4.new_output("stream", name="stdout", text=printed)] if printed else []) + results


def photos() -> list:
    kinds = [nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell]
    return [kinds[i % 2](part) for i, part in enumerate(PHOTOS)]


NOTEBOOKS = {
    "tensors": lambda: chapter("tensors"),
    "first-network": lambda: chapter("first-network"),
    "dog-classifier": photos,
}


def main():
    lib = sorted(str(jar) for jar in (ROOT / "espalier-cli" / "target" / "espalier" / "lib").glob("*.jar"))
    os.environ["JJAVA_CLASSPATH"] = os.environ.get("ESPALIER_CLASSPATH") or os.pathsep.join(lib)
    if not os.environ["JJAVA_CLASSPATH"]:
        sys.exit("there is no application folder: run ./espalier doctor first")
    OUT.mkdir(exist_ok=True)
    for name in sys.argv[1:] or NOTEBOOKS:
        cells = NOTEBOOKS[name]()
        for i, cell in enumerate(cells):
            cell["id"] = f"{name}-{i}"
        kernel = {"name": "java", "display_name": "Java", "language": "java"}
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells)
        NotebookClient(notebook, timeout=600, kernel_name="java", resources={"metadata": {"path": str(OUT)}}).execute()
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
            if cell.cell_type == "code":
                cell.outputs = outputs(cell.outputs)
        nbformat.write(notebook, OUT / f"{name}.ipynb")
        print(OUT / f"{name}.ipynb")


main()
