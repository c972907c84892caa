"""What each LaTeX name becomes in Unicode, and how it is spaced.

The tables are unicodeit's; the corrections below are for a terminal: one cell wide, in the fonts people have.
"""

from unicodedata import category, east_asian_width

from unicodeit.data import COMBININGMARKS, REPLACEMENTS, SUBSUPERSCRIPTS  # type: ignore[import-untyped]


def _is_one_cell(char: str) -> bool:
    """Whether every terminal draws this in one cell: no wide, combining or rare-font character."""
    common = len(char) == 1 and char <= "\uffff"
    return common and east_asian_width(char) not in "WF" and category(char) != "Mn"


_CORRECTED = {
    "bigstar": "★",
    "cdot": "·",
    "colon": ":",
    "dots": "…",
    "dotsb": "⋯",
    "dotsc": "…",
    "gt": ">",
    "hdots": "…",
    "intercal": "⊤",
    "land": "∧",
    "langle": "⟨",
    "lbrace": "{",
    "lbrack": "[",
    "lnot": "¬",
    "lor": "∨",
    "lt": "<",
    "lvert": "|",
    "lVert": "‖",
    "mid": "|",
    "minus": "-",
    "phi": "φ",
    "rangle": "⟩",
    "rbrace": "}",
    "rbrack": "]",
    "rvert": "|",
    "rVert": "‖",
    "star": "⋆",
    "sum": "∑",
    "vert": "|",
    "Vert": "‖",
    "|": "‖",
}

SYMBOLS: dict[str, str] = {
    name[1:]: char
    for name, char in REPLACEMENTS
    if name.startswith("\\") and name[1:].isalpha() and _is_one_cell(char)
} | _CORRECTED

BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
CALLIGRAPHIC = {"L": "ℒ", "E": "ℰ", "F": "ℱ", "H": "ℋ"}

ACCENTS: dict[str, str] = {name[1:]: mark for name, mark in COMBININGMARKS} | {
    "bar": "\u0304",
    "overline": "\u0305",
    "underline": "\u0332",
    "widehat": "\u0302",
    "widetilde": "\u0303",
}

# unicodeit's small comparison signs are phonetic letters and its raised V is a Hangul one.
_UNREADABLE = {"_<", "_>", "^<", "^>", "^.", "^V", "^*"}
_SCRIPTS = {name: char for name, char in SUBSUPERSCRIPTS if name not in _UNREADABLE}
SUBSCRIPTS: dict[str, str] = {name[1]: char for name, char in _SCRIPTS.items() if name[0] == "_"}
SUPERSCRIPTS: dict[str, str] = {name[1]: char for name, char in _SCRIPTS.items() if name[0] == "^"} | {
    "*": "*",
    "⋆": "*",
    "∗": "*",
    "†": "†",
    "′": "′",
    "⊤": "ᵀ",
    "V": "ⱽ",
}

FUNCTIONS = frozenset(
    {
        "arccos",
        "arcsin",
        "arctan",
        "arg",
        "argmax",
        "argmin",
        "cos",
        "cosh",
        "cot",
        "det",
        "dim",
        "exp",
        "gcd",
        "inf",
        "ker",
        "lim",
        "ln",
        "log",
        "max",
        "min",
        "Pr",
        "sign",
        "sin",
        "sinh",
        "sup",
        "tan",
        "tanh",
    }
)
BIG_OPERATORS = frozenset("∑∏∫∬∮⋃⋂⋁⋀⨁⨂⨀∐")
PREFIXES = frozenset("∂∇Δδ¬")
ROOTS = frozenset("√∛∜")

RELATIONS = frozenset("=<>≤≥≠≈≡≢∼≃≅≐≜≝∝→←↔⇒⇐⇔⟶⟵⟹⟸⟺↦⟼∈∉∋⊂⊆⊄⊃⊇≪≫≺≻⊢⊨∥⊥≔")
BINARY = frozenset("+-−±∓×÷·⋅∘⊙⊗⊕⊖⊘∗*⋆∧∨∩∪∖•")
OPENING = frozenset("([{⌊⌈⟨")
CLOSING = frozenset(")]}⌋⌉⟩")

SPACES = {
    "quad": "   ",
    "qquad": "      ",
    ",": " ",
    ";": " ",
    ":": " ",
    " ": " ",
    "\n": " ",
    "enspace": " ",
    "thinspace": " ",
    "!": "",
}

# Commands that only change the look of what follows, or nothing a terminal can show.
SILENT = frozenset(
    {
        "allowbreak",
        "Big",
        "big",
        "Bigg",
        "bigg",
        "Biggl",
        "biggl",
        "Biggr",
        "biggr",
        "Bigl",
        "bigl",
        "Bigm",
        "bigm",
        "Bigr",
        "bigr",
        "boldmath",
        "displaystyle",
        "hline",
        "left",
        "limits",
        "mathstrut",
        "middle",
        "nobreak",
        "nolimits",
        "nonumber",
        "notag",
        "right",
        "scriptstyle",
        "strut",
        "textstyle",
    }
)
# Commands whose braces are shown as they are, whatever the typeface.
TYPEFACES = frozenset(
    {
        "bm",
        "boldsymbol",
        "boxed",
        "displaylines",
        "mathbf",
        "mathbin",
        "mathfrak",
        "mathit",
        "mathnormal",
        "mathop",
        "mathord",
        "mathrel",
        "mathscr",
        "mathsf",
        "mathtt",
        "pmb",
        "smash",
    }
)
UPRIGHT = frozenset(
    {
        "hbox",
        "mathrm",
        "mbox",
        "operatorname",
        "rm",
        "text",
        "textbf",
        "textit",
        "textnormal",
        "textrm",
        "textsf",
        "texttt",
    }
)
DISCARDED = frozenset(
    {
        "color",
        "hphantom",
        "hspace",
        "label",
        "phantom",
        "vphantom",
        "vspace",
    }
)


def is_letter_or_digit(char: str) -> bool:
    """Whether a character would run together with a letter beside it; raised and lowered ones do not."""
    return category(char) in {"Lu", "Ll", "Lo", "Nd"}
