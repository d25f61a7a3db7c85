"""fastText's supervised classifier; accuracy on the texts held out.

    python fasttext_text.py --data tweets.csv --text-column 5 --label-column 0 --seed 0

The parts are those of sklearn_text.py; fastText (PyPI: fasttext-wheel, with numpy below 2) is fitted to the training texts with word
pairs and characters (2-5), and of three numbers of epochs the one that does best on the validation texts counts; then it is
fitted again to training and validation texts together, as Espalier does.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import tempfile
import time

import fasttext

from sklearn_text import parts

WORDS = re.compile(r"\w+|[^\w\s]")


def write(path, texts, labels):
    with open(path, "w", encoding="utf-8") as file:
        for text, label in zip(texts, labels):
            file.write(f"__label__{label} {' '.join(WORDS.findall(text.lower()))}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--text-column", type=int, default=5)
    parser.add_argument("--label-column", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with open(options.data, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    labels = [row[options.label_column] for row in rows]
    split = parts(labels, options.seed)
    begin, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, f"{name}.txt") for name in ("train", "valid", "test", "both")]
        for path, places in zip(paths, [*split, split[0] + split[1]]):
            write(path, [rows[i][options.text_column] for i in places], [labels[i] for i in places])
        common = dict(lr=0.5, wordNgrams=2, minn=2, maxn=5, dim=100, seed=options.seed, thread=2, verbose=0)
        plain = fasttext.train_supervised(paths[0], seed=options.seed, thread=2, verbose=0).test(paths[2])[1]
        best = max((5, 10, 25), key=lambda epoch: fasttext.train_supervised(paths[0], epoch=epoch, **common).test(paths[1])[1])
        accuracy = fasttext.train_supervised(paths[3], epoch=best, **common).test(paths[2])[1]
    print(json.dumps({"seed": options.seed, "seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu,
                      "accuracy": accuracy, "accuracy_of_defaults": plain, "epochs": best, "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
