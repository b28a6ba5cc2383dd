"""Makes the small tokenizers that the tests of io.penstock.router.tokenize use, and the ids that the reference
libraries find in many texts. Run once, by hand, and committed with what it made:

    pip install tokenizers tiktoken
    python make_tokenizers.py FOLDER_WITH_TIKTOKEN_FILES

The folder holds cl100k_base.tiktoken and o200k_base.tiktoken, which are in the jar of jtokkit.
"""

import base64
import hashlib
import json
import random
import struct
import sys
from pathlib import Path

import tiktoken
from tiktoken_ext import openai_public
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers import AddedToken

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "resources" / "io" / "penstock" / "router" / "tokenize"

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)

WORDS = {
    "en": "the of and to a in is you that it he was for on are with as his they at be this from have or by one had not "
    "but what all were when we there can an your which their said if do will each about how up out them then she many",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber größer",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont été où très",
    "ru": "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ещё от так",
    "zh": "的 一 是 不 了 在 人 有 我 他 这 个 们 中 来 上 大 为 和 国 地 到 以 说 时 要 就 出 会 可",
    "ja": "です ます した する こと もの ある いる ない なる これ それ 東京 日本 言葉 機械 学習",
    "ar": "في من على إلى أن هذا التي الذي كان مع عن كل بعد ما لا هو",
    "hi": "के में है की और से को का एक पर नहीं यह था तो भी कर",
}
CODE = ["def f(x):\n    return x + 1\n", "for (int i = 0; i < n; i++) {\n\tsum += a[i];\n}\n", "SELECT * FROM t WHERE id=7;\n",
        "import os, sys\n", "if x != None:\n        pass\n", "const f = (a, b) => a * b;\n", "{\"key\": [1, 2, 3]}\n"]
EMOJI = "😀 😂 🚀 👍🏽 👩‍👩‍👧 🇩🇪 ❤️ ✨".split(" ")


def corpus(seed, lines):
    rng = random.Random(seed)
    for _ in range(lines):
        kind = rng.random()
        if kind < 0.12:
            yield rng.choice(CODE)
        elif kind < 0.18:
            yield " ".join(rng.choice(EMOJI) for _ in range(5))
        elif kind < 0.24:
            yield " ".join(str(rng.randrange(100000)) for _ in range(6))
        else:
            words = rng.choice(list(WORDS.values())).split(" ")
            sentence = " ".join(rng.choice(words) for _ in range(rng.randrange(4, 14)))
            yield sentence[:1].upper() + sentence[1:] + rng.choice([".", "?", "!", ",", ":\n", ".\n\n"])


def byte_level(pattern, normalizer, special, bos, lines=6000, size=1400):
    tokenizer = Tokenizer(models.BPE(ignore_merges=bos is not None))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(corpus(1, lines), trainer)
    if bos is not None:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=bos + " $A", pair=bos + " $A " + bos + " $B", special_tokens=[(bos, tokenizer.token_to_id(bos))])
    return tokenizer


def gpt2():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(corpus(2, 4000), trainers.BpeTrainer(
        vocab_size=900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|endoftext|>"],
        show_progress=False))
    return tokenizer


def metaspace():
    """In the manner of SentencePiece: no cut is safe here, and it truncates and pads by default."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)]
    tokenizer.train_from_iterator(corpus(3, 1500), trainers.BpeTrainer(
        vocab_size=900, special_tokens=special, show_progress=False, max_token_length=12))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    tokenizer.enable_truncation(16)
    tokenizer.enable_padding(pad_id=2, pad_token="</s>", length=20)
    return tokenizer


def texts():
    rng = random.Random(7)
    pieces = {
        "empty": "",
        "blank": " ",
        "blanks": "   \n\n \t  \n   ",
        "word": "hello",
        "english": "The quick brown fox jumps over the lazy dog. It's what they've said, isn't it? WE'LL see.",
        "german": "Größe, Straße und Äpfel: für über 100 Übungen.",
        "french": "Où êtes-vous allés été dernier? Très bien, merci.",
        "russian": "Это очень длинное предложение, в котором ничего нет.",
        "chinese": "今天天气很好，我们去公园玩。\n你觉得怎么样？",
        "japanese": "東京で機械学習の言葉を学びます。これはテストです。",
        "korean": "안녕하세요, 반갑습니다. 오늘은 날씨가 좋네요.",
        "arabic": "هذا هو النص العربي الذي كان في الكتاب.",
        "hindi": "यह एक परीक्षण है और नहीं।",
        "thai": "สวัสดีครับ วันนี้อากาศดี",
        "emoji": "😀 rockets 🚀🚀 and families 👩‍👩‍👧‍👦, flags 🇩🇪🇫🇷, skin 👍🏽 ❤️",
        "combining": "e\u0301 a\u0308 \u1e9b\u0323 \ufb01 \u212b",
        "code": "def f(x):\n    if x > 10:\n\t\treturn {'a': [1, 22, 333, 4444]}\n\n\n    return None  # done\r\n",
        "numbers": "1 12 123 1234 12345 3.14159 1e-9 0xdeadbeef ٣٤٥ ½",
        "control": "a\x00b\x01c\x1b[31mred\x1b[0m\x7f\u0085\u200b\u200d\ufeff\u2028end",
        "replacement": "a\ufffdb",
        "punctuation": "!!!...???---===///\\\\\\\"\"\"'''```~~~###$$$%%%^^^&&&***((()))",
        "special": "<|begin_of_text|>system<|im_start|>user\nhi<|im_end|>\n<|endoftext|> </s><s> <unk>",
        "half special": "<|im_start|<|im_end|>|> <|im _start|>",
        "newlines": "a\nb\n\nc\r\nd\n \ne  \n  f\n\n\n",
        "spaces": "a  b   c    d\u00a0e\u3000f  ",
        "contractions": "I'm you're we've he'd they'll it's DON'T 'tis 's'S",
    }
    everything = "\n".join(pieces.values())
    for i in range(40):
        runes = [rng.choice([rng.randrange(32, 127), rng.randrange(32, 127), 10, 32, rng.randrange(0xa0, 0x530),
                             rng.randrange(0x4e00, 0x9fff), rng.randrange(0x1f300, 0x1f650)]) for _ in range(60)]
        pieces["random %d" % i] = "".join(map(chr, runes))
    for i in range(20):
        start = rng.randrange(len(everything))
        pieces["excerpt %d" % i] = everything[start:start + 80]
    return pieces


def long_texts():
    """Given by a piece and how often it is said, as they are long."""
    return [
        ("long english", "The quick brown fox jumps over the lazy dog. ", 23000),
        ("long code", "for (int i = 0; i < n; i++) {\n\tsum += a[i];\n}\n", 21000),
        ("long chinese", "今天天气很好，我们去公园玩。\n你觉得怎么样？", 16000),
        ("long letters", "a", 100000),
        ("long blanks", " ", 100000),
        ("long newlines", "\n", 50000),
        ("long emoji", "😀🚀", 60000),
    ]


def found_for(text, plain, whole, decoded):
    """What is left out is the same as the one before it, or as the text."""
    found = {"plain": plain}
    if whole != plain:
        found["special"] = whole
    if decoded != text:
        found["decoded"] = decoded
    return found


def digest(ids):
    return hashlib.sha256(struct.pack("<%di" % len(ids), *ids)).hexdigest()


def tiktoken_encoding(name, folder):
    path = Path(folder) / (name + ".tiktoken")
    ranks = {}
    for line in path.read_bytes().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    openai_public.load_tiktoken_bpe = lambda *args, **kwargs: ranks
    return tiktoken.Encoding(**getattr(openai_public, name)())


def main(folder):
    special = ["<|begin_of_text|>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    tokenizers = {
        "llama-style": byte_level(LLAMA3, None, special, "<|begin_of_text|>"),
        "qwen-style": byte_level(QWEN2, normalizers.NFC(), special, None),
        "gpt2-style": gpt2(),
        "sentencepiece-style": metaspace(),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    for name, tokenizer in tokenizers.items():
        tokenizer.save(str(OUT / (name + ".json")), pretty=False)
        tokenizer.no_truncation()
        tokenizer.no_padding()
    encodings = {name: tiktoken_encoding(name, folder) for name in ("cl100k_base", "o200k_base")}
    golden = []
    for name, text in texts().items():
        ids = {}
        for key, tokenizer in tokenizers.items():
            plain = tokenizer.encode(text, add_special_tokens=False).ids
            whole = tokenizer.encode(text, add_special_tokens=True).ids
            ids[key] = found_for(text, plain, whole, tokenizer.decode(plain, skip_special_tokens=False))
        for key, encoding in encodings.items():
            plain = encoding.encode_ordinary(text)
            ids[key] = found_for(text, plain, plain, encoding.decode(plain))
        golden.append({"name": name, "text": text, "ids": ids})
    for name, piece, times in long_texts():
        text = piece * times
        ids = {}
        for key, tokenizer in tokenizers.items():
            found = tokenizer.encode(text, add_special_tokens=False).ids
            ids[key] = {"count": len(found), "sha256": digest(found)}
        for key, encoding in encodings.items():
            found = encoding.encode_ordinary(text)
            ids[key] = {"count": len(found), "sha256": digest(found)}
        golden.append({"name": name, "piece": piece, "times": times, "ids": ids})
    (OUT / "golden-ids.json").write_text(
        "[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in golden) + "\n]\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1])
