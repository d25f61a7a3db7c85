"""Goldens of the networks for texts: scores, loss, and the scores after one step of Adam, by PyTorch.

  text/networks.json   `values.cases` maps a case's name to its options; its tensors are
    CASE/param/NAME  parameters at the start    CASE/y     scores    CASE/after  scores after one step of Adam at 0.05
  and for all: `x` tokens, padded by 1 at the end, `target` the classes; `CASE/loss` is the cross entropy.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from common import Golden
from make_nn import fill

VOCABULARY, DIM, HIDDEN, CLASSES, PAD = 12, 5, 4, 3, 1
TEXTS = [[4, 7, 2, 9], [3], [5, 0, 8, 8, 11, 6], [10, 2, 2], [1]]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, DIM, padding_idx=PAD)


class Recurrent(Net):
    def __init__(self, cell, pooling, layers=1, bidirectional=False):
        super().__init__()
        self.pooling, self.bidirectional = pooling, bidirectional
        self.encoder = cell(DIM, HIDDEN, layers, batch_first=True, bidirectional=bidirectional)
        features = HIDDEN * (2 if bidirectional else 1)
        if pooling == "attention":
            self.attention = nn.Linear(features, 1)
        self.predictor = nn.Linear(features, CLASSES)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embedding(x), lengths, batch_first=True, enforce_sorted=False)
        packed, hidden = self.encoder(packed)
        hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        out, _ = pad_packed_sequence(packed, batch_first=True)
        behind = torch.arange(out.shape[1])[None] >= lengths[:, None]
        if self.pooling == "last":
            pooled = torch.cat([hidden[-2], hidden[-1]], 1) if self.bidirectional else hidden[-1]
        elif self.pooling == "max":
            pooled = out.masked_fill(behind[:, :, None], -torch.inf).amax(1)
        elif self.pooling == "mean":
            pooled = out.sum(1) / lengths[:, None]
        else:
            weights = self.attention(out).squeeze(2).masked_fill(behind, -torch.inf).softmax(1)
            pooled = (weights[:, :, None] * out).sum(1)
        return self.predictor(pooled)


class Convolutional(Net):
    def __init__(self, filters, kernels):
        super().__init__()
        self.encoder = nn.ModuleList([nn.Conv1d(DIM, filters, k, padding=k // 2) for k in kernels])
        self.predictor = nn.Linear(filters * len(kernels), CLASSES)

    def forward(self, x, lengths):
        vectors = self.embedding(x)
        rows = []
        for vector, length in zip(vectors, lengths):
            alone = vector[:length].T[None]  # each text alone: padding changes nothing
            rows.append(torch.cat([conv(alone).relu()[0, :, :length].amax(1) for conv in self.encoder]))
        return self.predictor(torch.stack(rows))


class Bag(Net):
    def __init__(self):
        super().__init__()
        self.predictor = nn.Linear(DIM, CLASSES)

    def forward(self, x, lengths):
        return self.predictor(self.embedding(x).sum(1) / lengths[:, None])


CASES = {
    "lstm_last": lambda: Recurrent(nn.LSTM, "last"),
    "lstm_attention": lambda: Recurrent(nn.LSTM, "attention"),
    "lstm_both": lambda: Recurrent(nn.LSTM, "last", layers=2, bidirectional=True),
    "gru_max": lambda: Recurrent(nn.GRU, "max", bidirectional=True),
    "rnn_mean": lambda: Recurrent(nn.RNN, "mean"),
    "cnn": lambda: Convolutional(3, [2, 3]),
    "bag": Bag,
}


def main():
    golden = Golden("text/networks")
    longest = max(map(len, TEXTS))
    x = torch.tensor([row + [PAD] * (longest - len(row)) for row in TEXTS])
    lengths = torch.tensor([len(row) for row in TEXTS])
    target = torch.tensor([0, 2, 1, 1, 0])
    golden.put("x", x)
    golden.put("target", target)
    for name, make in CASES.items():
        module = make()
        fill(module, f"text/{name}")
        with torch.no_grad():
            module.embedding.weight[PAD] = 0
        for key, value in module.state_dict().items():
            golden.put(f"{name}/param/{key}", value)
        optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
        y = module(x, lengths)
        golden.put(f"{name}/y", y)
        loss = nn.functional.cross_entropy(y, target)
        golden.put(f"{name}/loss", loss)
        loss.backward()
        optimizer.step()
        golden.put(f"{name}/after", module(x, lengths))
    golden.save()


if __name__ == "__main__":
    main()
