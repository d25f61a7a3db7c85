"""Goldens of tokenizers by Hugging Face's `tokenizers`: small ones of all kinds, trained on a few sentences.

  tokenizers/NAME.json       a tokenizer.json
  tokenizers/expected.json   the indices and tokens of some texts by each, without those that are added at both ends
"""

from __future__ import annotations

import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from common import PREDICT

SENTENCES = [
    "I love this coffee, and she loves the tea they're making; it'll be 25 degrees.",
    "The lower tower is lowest of all the towers, newer and wider than the older ones.",
    "Le café est très bon, naïve déjà vu: où est-ce que l'été commence?",
    "我爱北京天安门 and 東京も好きです",
    "Straße, ÜBER, groß: unhappiness, happily, unhappily, happier!",
    "#hashtags and @mentions at https://example.com/a?b=1 :-) ... don't can't won't",
    "hello hello hello world worlds worldly, 12345 67 8 2024-01-02",
]
TEXTS = SENTENCES + [
    "",
    " ",
    "  two  blanks \t and\nlines ",
    "unknown: \u00f0\u0178 \U0001f60d\u2728 \u0645\u0631\u062d\u0628\u0627 \u200d\u200f",
    "ﬁne ① Ⅷ ｆｕｌｌ ½ e\u0301",
    "[MASK] a[MASK] <s>this</s> [mask] special",
    "loveloveloveworldworld x" + "y" * 150,
    "I'LL, they'Re; 'tis \u2019s \u00a0no-break \u3000wide",
    "\u0000\u0007control\u001b[31m\ufffd",
    "ΣΊΣΥΦΟΣ İstanbul ǅ",
    "$5.00+10%=~`^|<tag>",
]


def bert():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer, trainers.WordPieceTrainer(vocab_size=220, special_tokens=["[UNK]", "[PAD]", "[MASK]"])


def cased():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=True, handle_chinese_chars=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("merged_with_previous"), pre_tokenizers.Digits(True)]
    )
    return tokenizer, trainers.WordPieceTrainer(vocab_size=200, special_tokens=["[UNK]"])


def gpt2():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    return tokenizer, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )


def llama3():
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.normalizer = normalizers.NFC()
    pattern = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    return tokenizer, trainers.BpeTrainer(vocab_size=420, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def llama2():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    bytes_of = [f"<0x{i:02X}>" for i in range(256)]
    return tokenizer, trainers.BpeTrainer(vocab_size=480, special_tokens=["<unk>", "<s>", "</s>"] + bytes_of)


def words_end():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.Digits(False)]
    )
    return tokenizer, trainers.BpeTrainer(vocab_size=200, special_tokens=["<unk>"], end_of_word_suffix="</w>")


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "), normalizers.Replace("``", '"')]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    return tokenizer, trainers.UnigramTrainer(vocab_size=150, special_tokens=["<unk>", "<s>", "</s>"], unk_token="<unk>")


def unigram_first():
    tokenizer, trainer = unigram()
    tokenizer.normalizer = normalizers.NFD()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\d"), "merged_with_next"),
            pre_tokenizers.CharDelimiterSplit("-"),
            pre_tokenizers.Metaspace(prepend_scheme="first", split=False),
        ]
    )
    return tokenizer, trainer


def word_level():
    tokenizer = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\p{L}+"), "removed", invert=True)
    return tokenizer, trainers.WordLevelTrainer(vocab_size=60, special_tokens=["[UNK]"])


def main():
    folder = PREDICT / "tokenizers"
    folder.mkdir(parents=True, exist_ok=True)
    expected = {"texts": TEXTS}
    for make in [bert, cased, gpt2, llama3, llama2, words_end, unigram, unigram_first, word_level]:
        name = make.__name__
        tokenizer, trainer = make()
        trainer.show_progress = False
        tokenizer.train_from_iterator(SENTENCES, trainer)
        tokenizer.add_tokens([AddedToken("special", single_word=True, lstrip=True), "lowest"])
        tokenizer.save(str(folder / f"{name}.json"), pretty=False)
        encoded = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
        expected[name] = {"ids": encoded, "tokens": [[tokenizer.id_to_token(i) for i in ids] for ids in encoded]}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
