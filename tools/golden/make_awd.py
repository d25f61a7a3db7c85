"""Goldens of the AWD-LSTM, by fastai: language model, classifier, and one training step of each, with no dropout.

  text/awd.json   its tensors are, for MODEL `lm` and `classifier`,
    MODEL/param/NAME  the state dict at the start, fastai's names       MODEL/after/NAME  parameters after one step of SGD at 0.5
    lm/x      tokens [N, T + 1]      lm/scores, lm/loss       in evaluation mode
    lm/second, lm/second_loss        the batch that follows, from the states that the first ended in
    lm/step_loss                     loss with activation regularisation (alpha 2, beta 1)
    classifier/x, /target, /y        tokens padded by 1 at the end; scores in evaluation mode
    classifier/step_loss             in training mode
  text/awd.pth    the language model's weights as `learn.save` writes them, without an optimiser
"""

from __future__ import annotations

import torch
from torch import nn
from fastai.layers import params
from fastai.text.models.awdlstm import AWD_LSTM, EmbeddingDropout, RNNDropout, WeightDropout, awd_lstm_lm_config, awd_lstm_clas_config
from fastai.text.models.core import get_language_model, get_text_classifier

from common import GOLDEN, Golden
from make_nn import fill

VOCABULARY, EMBEDDING, HIDDEN, LAYERS, CLASSES, PAD, RATE = 11, 4, 6, 3, 3, 1, 0.5


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, (nn.Dropout, RNNDropout)):
            module.p = 0.0
        elif isinstance(module, WeightDropout):
            module.weight_p = 0.0
        elif isinstance(module, EmbeddingDropout):
            module.embed_p = 0.0
    return model


def config(base):
    return base | {"emb_sz": EMBEDDING, "n_hid": HIDDEN, "n_layers": LAYERS, "pad_token": PAD}


def tokens(seed, rows, steps):
    return torch.randint(2, VOCABULARY, (rows, steps), generator=torch.Generator().manual_seed(seed))


def start(golden, name, model):
    fill(model, f"text/awd/{name}")
    model.reset()
    for key, value in model.state_dict().items():
        golden.put(f"{name}/param/{key}", value)


def step(golden, name, model, loss):
    golden.put(f"{name}/step_loss", loss)
    loss.backward()
    torch.optim.SGD(model.parameters(), lr=RATE).step()
    for key, value in model.named_parameters():
        golden.put(f"{name}/after/{key}", value)


def language_model(golden):
    model = without_dropout(get_language_model(AWD_LSTM, VOCABULARY, config(awd_lstm_lm_config)))
    start(golden, "lm", model)
    torch.save(model.state_dict(), GOLDEN / "text" / "awd.pth")
    x, second = tokens(1, 2, 6), tokens(2, 2, 6)
    golden.put("lm/x", x)
    golden.put("lm/second", second)
    model.eval()
    with torch.no_grad():
        for name, batch in (("lm/scores", x), ("lm/second_scores", second)):
            scores = model(batch[:, :-1])[0]
            golden.put(name, scores)
            golden.put(name.replace("scores", "loss"), nn.functional.cross_entropy(scores.flatten(0, 1), batch[:, 1:].flatten()))
    model.train()
    model.reset()
    scores, raw, dropped = model(x[:, :-1])
    loss = nn.functional.cross_entropy(scores.flatten(0, 1), x[:, 1:].flatten())
    loss = loss + 2 * dropped.pow(2).mean() + 1 * (raw[:, 1:] - raw[:, :-1]).pow(2).mean()
    step(golden, "lm", model, loss)


def classifier(golden):
    model = without_dropout(get_text_classifier(AWD_LSTM, VOCABULARY, CLASSES, config=config(awd_lstm_clas_config), lin_ftrs=[50]))
    start(golden, "classifier", model)
    x = tokens(3, 5, 7)
    for row, length in enumerate((7, 4, 5, 7, 2)):
        x[row, length:] = PAD
    target = torch.tensor([0, 2, 1, 1, 0])
    golden.put("classifier/x", x)
    golden.put("classifier/target", target)
    model.eval()
    with torch.no_grad():
        golden.put("classifier/y", model(x)[0])
    model.train()
    step(golden, "classifier", model, nn.functional.cross_entropy(model(x)[0], target))


def main():
    golden = Golden("text/awd")
    language_model(golden)
    classifier(golden)
    golden.save()


if __name__ == "__main__":
    main()
