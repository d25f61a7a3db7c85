"""Goldens of interpretation: reports, curves and calibration by scikit-learn; Grad-CAM by PyTorch's autograd.

  interpret.json   `values`: report, binary curves, per-label curves, calibration; tensors: what they are made from
"""

from __future__ import annotations

import numpy as np
import sklearn.metrics as skm
import torch
import torch.nn.functional as F
from torch import nn

from common import Golden, rand, randn

BINS = 10


def report(golden: Golden):
    n, names = 60, ["ant", "bee", "cat", "dog"]
    target = torch.arange(n) * 7 % 4
    probabilities = (randn("interpret/scores", n, 4) + 1.2 * F.one_hot(target, 4)).softmax(1)
    golden.put("report/probabilities", probabilities)
    golden.put("report/target", target)
    y, q = target.numpy(), probabilities.numpy()
    p = q.argmax(1)
    golden.set("report", {
        "labels": names, "report": skm.classification_report(y, p, target_names=names, output_dict=True, zero_division=0),
        "confusion_matrix": skm.confusion_matrix(y, p), "confusion_matrix_by_target": skm.confusion_matrix(y, p, normalize="true"),
        "most_confused": most_confused(y, p, names, 2), "losses": -np.log(q[np.arange(n), y].astype(float)),
        "top_losses": np.argsort(np.log(q[np.arange(n), y].astype(float)), kind="stable")[:9],
        "calibration": calibration(q.max(1), p == y), "one_against_rest": [curves(y == k, q[:, k]) for k in range(4)]})


def most_confused(y, p, names, minimum) -> list:
    """`[actual, predicted, count]`, most frequent first, ties in the matrix's order."""
    m = skm.confusion_matrix(y, p)
    pairs = [(names[i], names[j], m[i, j]) for i in range(len(names)) for j in range(len(names)) if i != j and m[i, j] >= minimum]
    return sorted(pairs, key=lambda e: -e[2])


def curves(y, score) -> dict:
    """scikit-learn's curves with every threshold (none dropped as collinear)."""
    fpr, tpr, at = skm.roc_curve(y, score, drop_intermediate=False)
    precision, recall, pr_at = skm.precision_recall_curve(y, score)
    return {"roc": {"fpr": fpr, "tpr": tpr, "thresholds": at}, "auc": skm.roc_auc_score(y, score),
            "pr": {"precision": precision, "recall": recall, "thresholds": pr_at}, "average_precision": skm.average_precision_score(y, score)}


def calibration(confidence, right) -> dict:
    """Reliability in equal bins (k/10, (k+1)/10], zero in the first; ECE weighs the gaps by the bins' shares."""
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    at = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    bins, ece = [], 0.0
    for k in range(BINS):
        mine = at == k
        count = int(mine.sum())
        conf, acc = (confidence[mine].mean(), right[mine].mean()) if count else (0.0, 0.0)
        bins.append({"count": count, "confidence": conf, "accuracy": acc})
        ece += count / len(confidence) * abs(conf - acc)
    return {"bins": bins, "ece": ece}


def binary_and_labels(golden: Golden):
    score = (rand("interpret/binary", 24) * 20).round() / 20
    target = (score + 0.4 * randn("interpret/binary_noise", 24) > 0.5).long()
    golden.put("binary/score", score)
    golden.put("binary/target", target)
    golden.set("binary", curves(target.numpy(), score.double().numpy()) | {"calibration": calibration(score.double().numpy(), target.numpy() == 1)})
    scores = rand("interpret/tags", 15, 3)
    tags = (scores + 0.3 * randn("interpret/tags_noise", 15, 3) > 0.6).long()
    golden.put("labels/probabilities", scores)
    golden.put("labels/target", tags)
    y, q = tags.numpy(), scores.numpy()
    thresholds = [k / 20 for k in range(1, 20)]
    golden.set("labels", {
        "threshold": 0.5, "matrices": skm.multilabel_confusion_matrix(y, q > 0.5), "curves": [curves(y[:, k], q[:, k]) for k in range(3)],
        "thresholds": thresholds, **{f"{m}_{a}": [fn(y, q > t, average=a, zero_division=0) for t in thresholds]
                                     for m, fn in (("precision", skm.precision_score), ("recall", skm.recall_score), ("f1", skm.f1_score))
                                     for a in ("micro", "macro")},
        "f2_samples": [skm.fbeta_score(y, q > t, beta=2, average="samples", zero_division=0) for t in thresholds]})


def grad_cam(golden: Golden):
    """relu(sum over channels of activation * mean gradient of the class's score), for each class; not normalised."""
    body = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3, padding=1), nn.ReLU())
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))
    model = nn.Sequential(body, head)
    for k, p in model.named_parameters():
        p.data.copy_(randn(f"interpret/{k}", *p.shape, scale=0.5))
        golden.put(f"grad_cam/param/{k}", p)
    x = randn("interpret/x", 2, 2, 6, 8)
    golden.put("grad_cam/x", x)
    for c in range(2):
        a = body(x)
        a.retain_grad()
        scores = head(a)
        scores[:, c].sum().backward()
        golden.put(f"grad_cam/class{c}", F.relu((a * a.grad.mean((2, 3), keepdim=True)).sum(1)))
    golden.put("grad_cam/scores", scores)


if __name__ == "__main__":
    golden = Golden("interpret")
    report(golden)
    binary_and_labels(golden)
    grad_cam(golden)
    golden.save()
