"""The tutorial's LSTM in PyTorch: embedding 300, hidden 100, vocabulary 20,000, Adam 2e-3, five epochs; test accuracy.

    python torch_lstm.py --data tweets.csv --text-column 5 --label-column 0 --seed 0 [--batch-size 64]

The parts are those of sklearn_text.py. Texts are in lower case, cut into words and signs, and come in batches of about equal
length, as from torchtext's BucketIterator; the network reads the padding too, as the tutorial's does. Seconds and processor time
are those of the training, validation after each epoch included.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import time
from collections import Counter

import torch
from torch import nn

from sklearn_text import parts

WORDS = re.compile(r"https?://\S+|[@#]\w+|\w+(?:'\w+)?|[^\w\s]")


class OurFirstLSTM(nn.Module):
    def __init__(self, hidden, dim, vocabulary, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dim, padding_idx=1)
        self.encoder = nn.LSTM(input_size=dim, hidden_size=hidden, num_layers=1)
        self.predictor = nn.Linear(hidden, classes)

    def forward(self, seq):  # [T, N]
        _, (hidden, _) = self.encoder(self.embedding(seq))
        return self.predictor(hidden.squeeze(0))


def batches(ids, labels, size, generator=None):
    """Chunks of a hundred batches in order of length, the batches of a chunk in random order."""
    order = list(range(len(ids))) if generator is None else torch.randperm(len(ids), generator=generator).tolist()
    if generator is None:
        order.sort(key=lambda i: len(ids[i]))
    all_batches = []
    for start in range(0, len(order), 100 * size):
        chunk = sorted(order[start : start + 100 * size], key=lambda i: len(ids[i]))
        some = [chunk[i : i + size] for i in range(0, len(chunk), size)]
        if generator is not None:
            some = [some[i] for i in torch.randperm(len(some), generator=generator).tolist()]
        all_batches += some
    for batch in all_batches:
        x = nn.utils.rnn.pad_sequence([torch.tensor(ids[i] or [1]) for i in batch], padding_value=1)
        yield x, torch.tensor([labels[i] for i in batch])


def judge(model, ids, labels, size):
    right = loss = 0
    model.eval()
    with torch.no_grad():
        for x, y in batches(ids, labels, size):
            scores = model(x)
            loss += nn.functional.cross_entropy(scores, y, reduction="sum").item()
            right += (scores.argmax(1) == y).sum().item()
    return loss / len(ids), right / len(ids)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--text-column", type=int, default=5)
    parser.add_argument("--label-column", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--fused", action="store_true", help="the fused Adam")
    options = parser.parse_args()
    with open(options.data, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    names = [row[options.label_column] for row in rows]
    classes = sorted(set(names))
    split = parts(names, options.seed)
    words = [[WORDS.findall(rows[i][options.text_column].lower()) for i in part] for part in split]
    y = [[classes.index(names[i]) for i in part] for part in split]
    counts = Counter(word for text in words[0] for word in text)
    frequent = sorted(counts, key=lambda word: (-counts[word], word))[:20_000]
    stoi = {word: i for i, word in enumerate(["<unk>", "<pad>", *frequent])}
    ids = [[[stoi.get(word, 0) for word in text] for text in part] for part in words]

    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    model = OurFirstLSTM(100, 300, len(stoi), len(classes))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, fused=options.fused or None)
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(options.epochs):
        model.train()
        for x, target in batches(ids[0], y[0], options.batch_size, generator):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), target).backward()
            optimizer.step()
        judge(model, ids[1], y[1], options.batch_size)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    loss, accuracy = judge(model, ids[2], y[2], options.batch_size)
    print(json.dumps({"seed": options.seed, "seconds": seconds, "cpu_seconds": cpu, "accuracy": accuracy, "loss": loss,
                      "vocabulary": len(stoi), "batch_size": options.batch_size, "fused": options.fused,
                      "torch": torch.__version__, "threads": torch.get_num_threads(), "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
