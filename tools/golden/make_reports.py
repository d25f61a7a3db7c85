"""Goldens of whole reports by scikit-learn on synthetic predictions with gaps and ties.

  interpret/single.json   one class an item: binary, ties, five classes with an absent one
  interpret/multi.json    several labels an item, a label that never occurs, items without any
"""

from __future__ import annotations

import warnings

import numpy as np
import sklearn.metrics as skm
import torch
from common import Golden, rand, randn
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")


def reports(actual, predicted, classes):
    """Report as numbers for each zero-division policy, and as text."""
    args = dict(labels=range(len(classes)), target_names=classes)
    by_policy = {
        str(z): skm.classification_report(actual, predicted, output_dict=True, zero_division=z, **args)
        for z in (0.0, 1.0, np.nan)
    }
    text = {str(d): skm.classification_report(actual, predicted, digits=d, zero_division=0.0, **args) for d in (2, 4)}
    return {"by_policy": by_policy, "text": text}


def curves(positive, scores):
    """ROC, precision-recall and calibration of one class against the rest."""
    fpr, tpr, roc_thresholds = skm.roc_curve(positive, scores)
    precision, recall, thresholds = skm.precision_recall_curve(positive, scores)
    found = {
        "roc": {"fpr": fpr, "tpr": tpr, "thresholds": roc_thresholds, "auc": skm.auc(fpr, tpr)},
        "pr": {
            "precision": precision,
            "recall": recall,
            "thresholds": thresholds,
            "auc": skm.auc(recall, precision),
            "average": skm.average_precision_score(positive, scores),
        },
    }
    if 0 < positive.sum() < len(positive):
        observed, predicted = calibration_curve(positive, scores, n_bins=10)
        found["calibration"] = {
            "observed": observed,
            "predicted": predicted,
            "brier": skm.brier_score_loss(positive, scores),
        }
    return found


def thresholds(actual, probabilities, average):
    """Precision, recall, F1 at a few thresholds; an item has a label above its threshold."""
    rows = []
    for t in (0.1, 0.25, 0.5, 0.75, 0.9):
        p, r, f, _ = skm.precision_recall_fscore_support(actual, probabilities > t, average=average, zero_division=0.0)
        accuracy = ((probabilities > t) == actual).mean()
        rows.append({"threshold": t, "precision": p, "recall": r, "f1": f, "accuracy": accuracy})
    return rows


def single():
    golden = Golden("interpret/single")
    cases = {}

    def case(name, probabilities, target, classes):
        golden.put(f"{name}/probabilities", probabilities)
        golden.put(f"{name}/targets", target)
        p, y = probabilities.numpy().astype(np.float64), target.numpy()
        predicted = p.argmax(1)
        confidence, right = p.max(1), predicted == y
        observed, stated = calibration_curve(right, np.minimum(confidence, 1), n_bins=10)
        edges = np.linspace(0, 1, 11)
        bins = np.searchsorted(edges[1:-1], confidence)
        ece = sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean()
                  for b in range(10) if (bins == b).any())
        found = {
            "classes": classes,
            "confusion": skm.confusion_matrix(y, predicted, labels=range(len(classes))),
            "normalised": skm.confusion_matrix(y, predicted, labels=range(len(classes)), normalize="true"),
            "report": reports(y, predicted, classes),
            "curves": {c: curves(y == i, p[:, i]) for i, c in enumerate(classes)},
            "calibration": {"observed": observed, "predicted": stated, "ece": ece},
            "log_loss": skm.log_loss(y, p / p.sum(1, keepdims=True), labels=range(len(classes))),
        }
        if len(set(y.tolist())) == len(classes):
            if len(classes) == 2:
                found["macro_auc"] = skm.roc_auc_score(y, p[:, 1])
            else:
                found["macro_auc"] = skm.roc_auc_score(y, p / p.sum(1, keepdims=True), multi_class="ovr")
        cases[name] = found

    p1 = rand("interpret/binary", 40)
    noise = rand("interpret/binary_noise", 40)
    case("binary", torch.stack([1 - p1, p1], 1), (noise < p1).long(), ["cat", "dog"])

    p1 = ((rand("interpret/ties", 60) * 8).round() / 8)
    case("ties", torch.stack([1 - p1, p1], 1), (rand("interpret/ties_noise", 60) < 0.2 + 0.6 * p1).long(), ["cat", "dog"])

    # Class "heron" is neither true nor predicted, "ibis" is true but never predicted, "gull" predicted but never true.
    n, k = 50, 5
    target = torch.arange(n) % 3
    target[target == 2] = 4  # crow, dove, ibis
    scores = randn("interpret/five", n, k) + 1.5 * torch.nn.functional.one_hot(target, k)
    scores[:, 3] -= 20
    scores[:, 4] -= 6
    case("absent", scores.softmax(1), target, ["crow", "dove", "gull", "heron", "ibis"])

    target = torch.arange(n) % k
    scores = randn("interpret/full", n, k) + 1.2 * torch.nn.functional.one_hot(target, k)
    case("five", scores.softmax(1), target, ["a", "b", "c", "a class with a long name", "e"])
    golden.set("cases", cases)
    golden.save()


def multi():
    golden = Golden("interpret/multi")
    n, classes = 30, ["sky", "sea", "sand", "snow"]
    p = rand("interpret/multi", n, 4)
    y = rand("interpret/multi_noise", n, 4) < p
    y[:, 3] = False
    p[:, 2] = p[:, 2] * 0.45  # never predicted at 0.5
    y[:3] = False
    p[:2] = p[:2] * 0.4
    p[5, 0] = 0.5  # on the threshold
    golden.put("probabilities", p)
    golden.put("targets", y)
    p, y = p.numpy().astype(np.float64), y.numpy()
    predicted = p > 0.5
    golden.set("classes", classes)
    golden.set("confusion", skm.multilabel_confusion_matrix(y, predicted))
    golden.set("report", reports(y, predicted, classes))
    golden.set("curves", {c: curves(y[:, i], p[:, i]) for i, c in enumerate(classes)})
    golden.set("macro_auc", skm.roc_auc_score(y[:, :3], p[:, :3]))
    golden.set("thresholds", {a: thresholds(y, p, a) for a in ("micro", "macro", "samples")})
    golden.set("hamming_accuracy", (predicted == y).mean())
    golden.set("subset_accuracy", skm.accuracy_score(y, predicted))
    golden.save()


if __name__ == "__main__":
    single()
    multi()
