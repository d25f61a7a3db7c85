"""Goldens of fields and vocabularies by torchtext 0.6, the last release before fields were called legacy.

  text/fields.json   what a field makes of texts, token by token and number by number; the order of vocabularies

torchtext is no part of the usual environment: install `torchtext==0.6.0 tqdm six requests` without dependencies into a folder
and name it in TORCHTEXT. Only its pure Python parts are used.
"""

from __future__ import annotations

import os
import sys
import types

sys.path.insert(0, os.environ["TORCHTEXT"])
sys.modules.setdefault("sentencepiece", types.ModuleType("sentencepiece"))
sys.modules.setdefault("requests", types.ModuleType("requests"))

import torch
from torchtext.data import Field, LabelField

from common import Golden

TEXTS = [
    "The cat sat on the mat\n",
    "a dog, a DOG and a cat",
    "  ",
    "été café 😍 ！ the end of the longest of all these texts",
    "mat",
]
LABELS = ["4", "0", "0", "2", "0", "4"]
MORE = ["the zebra sat", ""]
FIELDS = {
    "standard": {},
    "lower": dict(lower=True, stop_words=["the", "a"]),
    "marked": dict(init_token="<sos>", eos_token="<eos>", batch_first=True, include_lengths=True),
    "fixed": dict(fix_length=4, batch_first=True, init_token="<sos>", include_lengths=True),
    "truncate_first": dict(fix_length=3, truncate_first=True, batch_first=True),
    "pad_first": dict(pad_first=True, eos_token="<eos>", include_lengths=True, batch_first=True),
    "tokens": dict(pad_token="[PAD]", unk_token="[UNK]", tokenize=list, fix_length=6),
}
VOCABULARIES = {"all": {}, "limited": dict(max_size=3), "frequent": dict(min_freq=2), "special": dict(specials=["xxbos"])}


def main():
    golden = Golden("text/fields")
    golden.set("texts", TEXTS)
    golden.set("more", MORE)
    golden.set("labels", LABELS)
    for name, options in FIELDS.items():
        field = Field(**options)
        rows = [field.preprocess(text) for text in TEXTS]
        field.build_vocab(rows)
        golden.set(name, {"tokens": rows, "itos": field.vocab.itos})
        known = "unk_token" in options  # torchtext finds no other unknown token than <unk>
        batch = field.process(rows + ([] if known else [field.preprocess(text) for text in MORE]))
        if field.include_lengths:
            batch, lengths = batch
            golden.put(f"{name}/lengths", lengths)
        golden.put(f"{name}/batch", batch)
    for name, options in VOCABULARIES.items():
        field = Field(lower=True)
        field.build_vocab([field.preprocess(text) for text in TEXTS], **options)
        golden.set(f"vocabulary_{name}", field.vocab.itos)
    label = LabelField()
    label.build_vocab([label.preprocess(text) for text in LABELS])
    golden.set("label", label.vocab.itos)
    golden.put("label/batch", label.process(LABELS))
    number = LabelField(use_vocab=False, dtype=torch.float)
    golden.put("number/batch", number.process(["1.5", "-2"]))
    numbers = Field(use_vocab=False, pad_token=0, batch_first=True, preprocessing=lambda row: [int(x) for x in row])
    golden.put("numbers/batch", numbers.process([numbers.preprocess(row) for row in ("7 8 9", "5")]))
    golden.save()


if __name__ == "__main__":
    main()
