"""Espalier beside its Python peer on whole trainings, interleaved seed by seed; prints figures as one table.

    python trainings.py tags|tags-budget|xrays|xrays-budget|dogs|harder [--seeds 3] [--few]

Run it with a Python that has fastai (peers/README.md); the peers are started with the same one. Espalier is `./espalier` of this
repository, or `--espalier "COMMAND"`; `xrays` needs the class path of bench/ in CP, as docs/benchmarks.md makes it. Of each seed both sides train on the same files and are judged on the same held-out
ones, in the order A B, B A, A B ...; times are those of whole commands, from nothing to the model, and `training` as each side
counts it. Of the x-rays also the median epoch, without the first look at the pictures. `--few` trains one epoch, to see that all runs.

tags          EfficientNet-Lite0 at 128 pixels, one cycle of 5 frozen and 5 unfrozen epochs, tags above 0.2: F2 of the pictures
tags-budget   the same photos with `--budget 30s`, without a peer
xrays         frozen body and a head of 512, 128, 2; Adam 5e-4, 10 epochs, best validation loss; with features computed once,
              computed in every epoch, and PyTorch's
xrays-budget  the same x-rays with `--budget 30s`, without a peer
dogs          400 dogs and cats by the default, and fastai's fine_tune(4)
harder        10 classes of tagged photos by the default, and fastai's fine_tune(4)
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
SHARED = Path(os.environ.get("ESPALIER_SHARED", ROOT.parent / "shared"))
DATA = SHARED / "data"
PHOTOS = DATA / "tagged-photos"

# of a photo's tags the first that stands here is its class
CLASSES = ["vehicle", "dog", "bird", "reptile", "invertebrate", "mammal", "device", "structure", "container", "clothing"]


def order(names, seed):
    """Names in an order that is the same on every machine."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}/{name}".encode()).digest())


def parts(names, seed, held=0.2, valid=0.2):
    """A fifth held out, a fifth of the rest for validation."""
    names = order(names, seed)
    first = round(len(names) * held)
    second = first + round((len(names) - first) * valid)
    return {name: "test" if i < first else "valid" if i < second else "train" for i, name in enumerate(names)}


def last_json(text):
    text = text.strip()
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return json.loads([line for line in text.splitlines() if line.startswith("{")][-1])


class Bench:
    def __init__(self, args, folder):
        self.args = args
        self.folder = folder
        self.espalier = shlex.split(args.espalier)

    def run(self, command):
        begin = time.perf_counter()
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"{shlex.join(map(str, command))}\nended with {done.returncode}:\n{done.stderr[-3000:]}")
        return last_json(done.stdout) | {"process_seconds": time.perf_counter() - begin}

    def cli(self, *words):
        return self.run([*self.espalier, *words, "--json"])

    def java(self, name, *words):
        return self.run([*shlex.split(self.args.java), f"espalier.bench.{name}", *words])

    def peer(self, script, *words):
        return self.run([sys.executable, PEERS / script, *words])

    def model(self, side, seed):
        return self.folder / f"{side}-{seed}.safetensors"

    # ---- sides: each gives the figures of one seed

    def trained(self, side, seed, train, data, judge, metric):
        out = self.model(side, seed)
        run = self.cli("train", *train, "--seed", seed, "--out", out)
        judged = self.cli("evaluate", out, *data, *judge, *shlex.split(self.args.judge))
        return {"seconds": run["process_seconds"], "training": run["seconds"], "score": judged["metrics"][metric]}

    def tags(self, seed):
        table = self.table(seed)
        data = [table, "--images", PHOTOS / "images", "--suffix", ".jpg", "--part-column", "part"]
        plan = self.folder / "plan.json"
        epochs = 1 if self.args.few else 5
        plan.write_text(json.dumps([
            {"freeze": True, "epochs": epochs, "lr": 1e-2, "size": 128}, {"freeze": False, "epochs": epochs, "lr": [1e-5, 2e-3]}]))
        weights = ["--class-weights", self.args.tag_weight] if self.args.tag_weight else []
        own = ["--mult", "1", "--min-scale", "0.35", *weights, *shlex.split(self.args.options)]  # what fastai_tags.py varies
        ours = ["tags", *data, "--stages", plan, "--threshold", "0.2", *own]

        def espalier():
            return self.trained("tags", seed, ours, data, ["--split", "test"], "f2_samples")

        def fastai():
            words = ["--table", table, "--images", PHOTOS / "images", "--seed", seed, "--epochs", epochs]
            return self.peer_result("fastai_tags.py", words, "f2_samples")

        return {"espalier": espalier, "fastai": fastai}

    def tags_budget(self, seed):
        table = self.table(seed)
        data = [table, "--images", PHOTOS / "images", "--suffix", ".jpg", "--part-column", "part"]
        ours = ["tags", *data, "--budget", "30s"]
        return {"espalier": lambda: self.trained("tags-budget", seed, ours, data, ["--split", "test"], "f2_samples")}

    def table(self, seed):
        with open(PHOTOS / "tags.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        part = parts([row["image_name"] for row in rows], seed)
        path = self.folder / f"tags-{seed}.csv"
        with open(path, "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["image_name", "tags", "part"])
            out.writerows([row["image_name"], row["tags"], part[row["image_name"]]] for row in rows)
        return path

    def xrays(self, seed):
        epochs = 1 if self.args.few else 10
        words = ["--data", DATA / "chest-xrays", "--seed", seed, "--epochs", epochs]

        def java(cached):
            run = self.java("FrozenHead", *words, "--cached", cached)
            return {"seconds": run["process_seconds"], "training": run["seconds"], "score": run["accuracy"],
                    "losses": run["train_losses"], "epoch": statistics.median(run["epoch_seconds"])}

        return {"cached": lambda: java("true"), "recomputed": lambda: java("false"),
                "pytorch": lambda: self.peer_result("torch_xrays.py", words, "accuracy")}

    def xrays_budget(self, seed):
        data = DATA / "chest-xrays"
        return {"espalier": lambda: self.trained(
            "xrays-budget", seed, ["image", data, "--budget", "30s"], [data], ["--split", "test"], "accuracy")}

    def dogs(self, seed):
        split = json.loads((ROOT / "bench" / "splits" / "dogs-vs-cats.json").read_text())
        return self.classes(seed, DATA / "dogs-vs-cats", split)

    def harder(self, seed):
        folder = self.folder / "harder"
        by_class = {name: [] for name in CLASSES}
        with open(PHOTOS / "tags.csv", newline="") as file:
            for row in csv.DictReader(file):
                name = next((name for name in CLASSES if name in row["tags"].split()), None)
                if name:
                    by_class[name].append(row["image_name"] + ".jpg")
        split = {"train": [], "valid": [], "held_out": []}
        for name, files in by_class.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file, part in parts(files, seed).items():
                if not (folder / name / file).exists():
                    shutil.copy(PHOTOS / "images" / file, folder / name / file)
                split["held_out" if part == "test" else part].append(f"{name}/{file}")
        return self.classes(seed, folder, {part: sorted(files) for part, files in split.items()})

    def classes(self, seed, folder, split):
        stem = f"{folder.name}-{seed}"
        lists, table = self.folder / f"{stem}.json", self.folder / f"{stem}.csv"
        lists.write_text(json.dumps(split))
        with open(table, "w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["image", "label", "part"])
            for part, files in split.items():
                out.writerows([path, path.split("/")[0], "test" if part == "held_out" else part] for path in files)
        data = [folder, "--csv", table, "--part-column", "part"]
        few = ["--epochs", "1", "--size", "64"] if self.args.few else []

        def espalier():
            ours = ["image", *data, *few, *shlex.split(self.args.options)]
            return self.trained(folder.name, seed, ours, data, ["--split", "test"], "accuracy")

        def fastai():
            words = ["--data", folder, "--split", lists, "--seed", seed, *few, *(["--tuned"] if self.args.tuned else [])]
            return self.peer_result("fastai_train.py", words, "accuracy")

        return {"espalier": espalier, "fastai": fastai}

    def peer_result(self, script, words, metric):
        run = self.peer(script, *words)
        return {"seconds": run["process_seconds"], "training": run["seconds"], "score": run[metric],
                **({"losses": run["losses"], "epoch": statistics.median(run["epoch_seconds"])} if "losses" in run else {})}


def spread(values):
    mean = statistics.mean(values)
    return f"{mean:.4g}" + (f" +- {statistics.stdev(values):.2g}" if len(values) > 1 else "")


def wilson(share, n, z=1.96):
    """The 95 % interval of a share of n."""
    centre, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return f"[{(centre - half) / (1 + z * z / n):.3f}, {(centre + half) / (1 + z * z / n):.3f}]"


def main():
    names = ["tags", "tags-budget", "xrays", "xrays-budget", "dogs", "harder"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=names)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--few", action="store_true", help="one epoch, to see that everything runs")
    parser.add_argument("--tuned", action="store_true", help="fastai with channels_last and two workers")
    parser.add_argument("--only", help="the sides to run, with commas between")
    parser.add_argument("--options", default="", help="more options of Espalier's training")
    parser.add_argument("--tag-weight", help="of tags: how much more a tag counts in the loss where it is present")
    parser.add_argument("--judge", default="", help="more options of Espalier's evaluation, such as --tta")
    parser.add_argument("--espalier", default=str(ROOT / "espalier"), help="the command line")
    parser.add_argument("--java", default=f"java -cp {os.environ.get('CP', '')}", help="what runs a class of bench/")
    parser.add_argument("--out", type=Path, help="a JSON file for all figures")
    args = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}", flush=True)
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(args, Path(folder))
        for seed in range(args.seeds):
            sides = getattr(bench, args.what.replace("-", "_"))(seed)
            wanted = [name for name in sides if not args.only or name in args.only.split(",")]
            for name in wanted if seed % 2 == 0 else reversed(wanted):
                result = sides[name]()
                figures.setdefault(name, []).append(result)
                print(f"seed {seed} {name:12} {result['seconds']:8.1f} s, training {result['training']:8.1f} s, "
                      f"score {result['score']:.4f}", flush=True)
    print(f"\n{'':12}  {'command, s':>16}  {'training, s':>16}  {'score':>18}")
    for name, results in figures.items():
        columns = [spread([r[key] for r in results]) for key in ("seconds", "training", "score")]
        print(f"{name:12}  {columns[0]:>16}  {columns[1]:>16}  {columns[2]:>18}")
        if args.what.startswith("xrays"):
            score = statistics.mean(r["score"] for r in results)
            print(f"{'':12}  of the 50 pictures of the test, 95 % interval of the mean score {wilson(score, 50)}")
    first = next(iter(figures))
    for name in list(figures)[1:]:
        for key in ("seconds", "training", "epoch"):
            if key not in figures[first][0]:
                continue
            ratios = [b[key] / a[key] for a, b in zip(figures[first], figures[name])]
            print(f"{name} / {first}, {key}: median {statistics.median(ratios):.2f} of {', '.join(f'{r:.2f}' for r in ratios)}")
    if {"cached", "recomputed"} <= figures.keys():
        apart = max(abs(a - b) for one, other in zip(figures["cached"], figures["recomputed"])
                    for a, b in zip(one["losses"], other["losses"]))
        print(f"largest difference of the training losses, cached and recomputed: {apart:.2g}")
    print(f"load {os.getloadavg()[0]:.2f}")
    if args.out:
        args.out.write_text(json.dumps({"what": args.what, "options": args.options, "figures": figures}, indent=1))


if __name__ == "__main__":
    main()
