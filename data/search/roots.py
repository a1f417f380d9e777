#!/usr/bin/env python3
"""Makes roots.txt from Debian's hunspell-id: python3 roots.py id_ID.dic > roots.txt

One root a line, sorted by byte, lower case; after a space the prefix families that the dictionary attests for
it (m: me-, di-, ku-; p: pe-; b: ber-; t: ter-; k: ke-; s: se-; a: -an; i: -i; n: -kan). Compounds with a hyphen
give their first part.
"""
import re, sys, unicodedata

families = {"M": "m", "D": "m", "O": "m", "P": "p", "B": "b", "T": "t", "K": "k", "S": "s"}
suffixes = {"a": "a", "i": "i", "k": "n"}
roots = {}
for line in open(sys.argv[1], encoding="latin-1").read().splitlines()[1:]:
    word, _, flags = line.strip().partition("/")
    word = unicodedata.normalize("NFD", word.lower())
    word = "".join(c for c in word if not unicodedata.combining(c)).replace("'", "")
    whole = "-" not in word
    word = word.split("-")[0]
    if not re.fullmatch("[a-z]{2,}", word):
        continue
    pairs = [flags[i : i + 2] for i in range(0, len(flags), 2)]
    marks = {families[p[0]] for p in pairs if p[0] in families}
    marks |= {suffixes[p[1]] for p in pairs if p[1] in suffixes and p[0] in families}
    marks |= {suffixes[p[0]] for p in pairs if p[1] == "0" and p[0] in suffixes}
    marks = marks if whole else set()
    roots.setdefault(word, set()).update(marks)
for word in sorted(roots):
    marks = "".join(m for m in "mpbtksain" if m in roots[word])
    print(word + (" " + marks if marks else ""))
