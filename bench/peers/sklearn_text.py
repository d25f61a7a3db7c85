"""TF-IDF of words and characters with logistic regression by scikit-learn; accuracy on the texts held out.

    python sklearn_text.py --data tweets.csv --text-column 5 --label-column 0 --seed 0 [--tuned]

60, 20 and 20 % of each class are for training, validation and test, by the CRC-32 of "SEED:ROW", as in
espalier.bench.TrainTexts. Words (1-2) and characters within words (2-5), sublinear, the strength chosen by the validation
texts; --tuned fits again to training and validation texts together, as Espalier does.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import time
import zlib

import numpy as np
import sklearn
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

STRENGTHS = (0.3, 1, 3, 10, 30, 100)


def parts(labels: list[str], seed: int) -> list[list[int]]:
    split = [[], [], []]
    for label in sorted(set(labels)):
        rows = [i for i, one in enumerate(labels) if one == label]
        rows.sort(key=lambda row: zlib.crc32(f"{seed}:{row}".encode()))
        fifth = len(rows) // 5
        split[2] += rows[:fifth]
        split[1] += rows[fifth : 2 * fifth]
        split[0] += rows[2 * fifth :]
    return [sorted(part) for part in split]


def vectors(train: list[str], *others: list[str]):
    kinds = (
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"(?u)\w+|[^\w\s]"),
        TfidfVectorizer(sublinear_tf=True, ngram_range=(2, 5), analyzer="char_wb"),
    )
    columns = [[kind.fit_transform(train)] + [kind.transform(other) for other in others] for kind in kinds]
    return [hstack(pair).tocsr() for pair in zip(*columns)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--text-column", type=int, default=5)
    parser.add_argument("--label-column", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tuned", action="store_true")
    options = parser.parse_args()
    with open(options.data, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    labels = [row[options.label_column] for row in rows]
    split = parts(labels, options.seed)
    texts = [[rows[i][options.text_column] for i in part] for part in split]
    y = [np.array([labels[i] for i in part]) for part in split]

    begin = time.perf_counter()
    x = vectors(*texts)
    models = [LogisticRegression(C=c, max_iter=1000).fit(x[0], y[0]) for c in STRENGTHS]
    best = max(models, key=lambda model: model.score(x[1], y[1]))
    accuracy = best.score(x[2], y[2])
    features = x[0].shape[1]
    if options.tuned:
        all_x, test_x = vectors(texts[0] + texts[1], texts[2])
        both = LogisticRegression(C=best.C, max_iter=1000).fit(all_x, np.concatenate(y[:2]))
        accuracy = both.score(test_x, y[2])
        features = all_x.shape[1]
    print(
        json.dumps(
            {
                "seed": options.seed,
                "seconds": time.perf_counter() - begin,
                "accuracy": accuracy,
                "strength": best.C,
                "features": features,
                "tuned": options.tuned,
                "sklearn": sklearn.__version__,
                "load": os.getloadavg()[0],
            }
        )
    )


if __name__ == "__main__":
    main()
