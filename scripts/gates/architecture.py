"""Gate `architecture`: the picture of the wings and their modules is drawn from the table in CONTRIBUTING.md as it stands."""
from html import escape

from . import room_table
from .repository import Outcome, Violation
from .room_table import PAGE, WINGS

PICTURE = "docs/pictures/architecture.svg"
ACCEPT = "run 'scripts/lint architecture --accept'"
# What each wing adds on the way from files to a decision.
SAYS = {
    "Values": "offset, tolerance, verdict, finding", "Libraries": "headers of C libraries, no Swift",
    "Signals": "FFT, correlation, inference", "Reading": "files in, frames, audio, texts, labels and logs out",
    "Perception": "faces and voices", "Analysis": "signals in, findings out",
    "Scanning": "each recording decoded once, in confined workers", "Corpus": "the store and what it says together",
    "Repair": "findings in, fixed copies out", "Presenting": "reports, pages, review", "Programs": "the commands",
}
WIDTH, LEFT, RIGHT = 1040, 210, 800     # pixels: the picture, the first box, the column of what a wing uses
LETTER, ROW, GAP, MARGIN = 7.0, 26, 8, 14


def width_of(name):
    return LETTER * len(name) + 18


def boxes(modules):
    """Lines of (name, left edge) that fit beside one another, and how many lines there are."""
    placed, x, line = [], LEFT, 0
    for name in modules:
        if x > LEFT and x + width_of(name) > RIGHT - MARGIN:
            x, line = LEFT, line + 1
        placed.append((name, x, line))
        x += width_of(name) + GAP
    return placed, line + 1


def drawn(rows):
    """The picture as SVG. rows: of the table in CONTRIBUTING.md."""
    modules = {wing: [name for row in rows if row.wing == wing for name in row.modules] for wing in WINGS}
    wing_of = {name: wing for wing, names in modules.items() for name in names}
    made, y = [], 44
    for wing in WINGS:
        placed, lines = boxes(modules[wing])
        used = {wing_of[name] for row in rows if row.wing == wing for name in row.imports if name in wing_of} - {wing}
        says = wrapped(SAYS[wing], 27)
        uses = wrapped(", ".join(w for w in WINGS if w in used) or "nothing", 33)
        height = max(lines * (ROW + GAP) - GAP + 2 * MARGIN, 41 + 13 * len(says), 24 + 14 * len(uses))
        made.append(f'<rect class="wing" x="10" y="{y}" width="{WIDTH - 20}" height="{height}" rx="6"/>')
        made.append(f'<text class="name" x="24" y="{y + 27}">{wing}</text>')
        for number, part in enumerate(says):
            made.append(f'<text class="says" x="24" y="{y + 43 + 13 * number}">{escape(part)}</text>')
        for name, x, line in placed:
            top = y + MARGIN + line * (ROW + GAP)
            made.append(f'<rect class="module" x="{x:g}" y="{top}" width="{width_of(name):g}" height="{ROW}" rx="4"/>')
            made.append(f'<text class="module" x="{x + width_of(name) / 2:g}" y="{top + 17}">{escape(name)}</text>')
        for number, part in enumerate(uses):
            made.append(f'<text class="uses" x="{RIGHT}" y="{y + 27 + 14 * number}">{part}</text>')
        y += height + GAP
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 4}" font-family="sans-serif" role="img" '
            'aria-label="The wings of Sources, their modules, and the wings that each uses">')
    style = ('<style>.page{fill:#fff}.wing{fill:#f3f5f8;stroke:#c9d1da}rect.module{fill:#fff;stroke:#7b8a9a}'
             'text{fill:#1f2933}text.name{font-size:15px;font-weight:bold}text.says{font-size:11px;fill:#52606d}'
             'text.module{font-size:12px;text-anchor:middle}text.uses,text.head{font-size:12px;fill:#52606d}</style>')
    top = (f'<rect class="page" width="{WIDTH}" height="{y + 4}"/><text class="head" x="24" y="28">wing</text>'
           f'<text class="head" x="{LEFT}" y="28">modules; data flows downwards</text>'
           f'<text class="head" x="{RIGHT}" y="28">imports modules of</text>')
    return "\n".join([head, style, top, *made, "</svg>", ""])


def wrapped(text, most):
    """Words in lines of so many letters."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def check(repository):
    rows, problems = room_table.parse(repository.text(PAGE))
    said = f"{PICTURE} and {len(rows)} rows"
    if problems:
        return Outcome([], said)      # what is wrong with the table is said by the gate `modules`
    path = repository.root / PICTURE
    if not path.is_file() or path.read_text(encoding="utf-8") != drawn(rows):
        return Outcome([Violation(PICTURE, 1, "it is not what the table in CONTRIBUTING.md would draw", ACCEPT)], said)
    return Outcome([], said)


def accept(repository):
    rows, _ = room_table.parse(repository.text(PAGE))
    path = repository.root / PICTURE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(drawn(rows), encoding="utf-8")
