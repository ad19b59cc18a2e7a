"""Letters to classes of sounds: the same rules as `LetterClasses` in the program."""
CLASSES = "-AEOSFPNL"  # silence, open, front and back vowels, sibilants, weak fricatives, stops, nasals, liquids
_LETTERS = {}
for _name, _letters in dict(A="a", E="eiyj", O="ou", S="szx", F="fvh", P="ptkbdgqc", N="mn", L="lrw").items():
    for _letter in _letters:
        _LETTERS[_letter] = _name
# Names of letters, for single ones.
_NAMES = dict(a="E", b="PE", c="SE", d="PE", e="E", f="EF", g="SE", h="EPS", i="AE", j="SE", k="PE", l="EL", m="EN", n="EN", o="O", p="PE",
              q="PEO", r="AL", s="ES", t="PE", u="EO", v="FE", w="POLEO", x="EPS", y="LAE", z="SE")


def classes(word):
    """The classes of a word in Latin letters, in order; at least one."""
    letters = "".join(c for c in word.lower() if c.isalpha())
    if len(letters) == 1:
        return _NAMES.get(letters, "E")
    result, i = "", 0
    while i < len(letters):
        pair = letters[i:i + 2]
        if pair in ("sh", "ch"):
            result, i = result + "S", i + 2
        elif pair in ("th", "ph"):
            result, i = result + "F", i + 2
        elif pair == "ck":
            result, i = result + "P", i + 2
        elif pair == "ng":
            result, i = result + "N", i + 2
        elif pair == "gh":
            i += 2
        elif len(pair) == 2 and pair[0] == pair[1]:
            i += 1
        else:
            letter = letters[i]
            is_last = i == len(letters) - 1
            if letter == "e" and is_last and i >= 2 and any(_LETTERS.get(c) in ("A", "E", "O") for c in letters[:i]):
                pass
            elif letter == "c" and not is_last and letters[i + 1] in "eiy":
                result += "S"
            else:
                result += _LETTERS.get(letter, "")
            i += 1
    return result or "E"
