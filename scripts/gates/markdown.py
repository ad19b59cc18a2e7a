"""What the gate `links` reads from a page: links, anchors, and what is set as code."""
import re
from dataclasses import dataclass
from urllib.parse import unquote

from .repository import line_of

FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})([^`\n]*)$")
CODE = re.compile(r"(?<!`)(`+)(?!`)((?:[^\n]|\n(?!\s*\n))+?)(?<!`)\1(?!`)")
# The second half of a link or a picture, `](target "title")`, so that a picture in a link's text gives two.
LINK = re.compile(r"""\]\(\s*(?:<([^<>\n]*)>|((?:[^\s()<>]|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)""")
DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]+<?([^\s>]+)>?", re.MULTILINE)
ATTRIBUTE = re.compile(r"""<[^<>]*?\b(?:href|src)\s*=\s*["']([^"']*)["']""")
OWN_ANCHOR = re.compile(r"""<[^<>]*?\b(?:id|name)\s*=\s*["']([^"']*)["']""")
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")


@dataclass(frozen=True)
class Piece:
    line: int
    text: str


class Page:
    def __init__(self, text):
        self.fenced = []
        prose = []
        fence = None
        for number, line in enumerate(text.split("\n"), 1):
            mark = FENCE.match(line)
            if fence is None and mark:
                fence = mark[1]
            elif fence is not None and mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = None
            elif fence is not None:
                self.fenced.append(Piece(number, line))
            else:
                prose.append(line)
                continue
            prose.append("")
        self._prose = "\n".join(prose)
        self.code = [Piece(line_of(self._prose, match.start()), match[2]) for match in CODE.finditer(self._prose)]
        self._bare = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), self._prose)

    @property
    def links(self):
        """Targets as they are written, but for what is escaped in them."""
        found = [(match.start(), match[1] or match[2] or "") for match in LINK.finditer(self._bare)]
        found += [(match.start(1), match[1]) for match in DEFINITION.finditer(self._bare)]
        found += [(match.start(1), match[1]) for match in ATTRIBUTE.finditer(self._bare)]
        return [Piece(line_of(self._bare, place), unquote(target)) for place, target in sorted(found)]

    @property
    def anchors(self):
        """Names that a link to this page may end with after '#'."""
        names, seen = set(OWN_ANCHOR.findall(self._bare)), {}
        for heading in self.headings:
            name = slug(heading)
            count = seen.get(name, 0)
            seen[name] = count + 1
            names.add(f"{name}-{count}" if count else name)
        return names

    @property
    def headings(self):
        lines = self._prose.split("\n")
        for number, line in enumerate(lines):
            if match := HEADING.match(line):
                yield match[1]
            elif UNDERLINE.match(line) and number and re.match(r"^ {0,3}[^\s|>#-]", lines[number - 1]):
                yield lines[number - 1].strip()


def slug(heading):
    """A heading's anchor as GitHub makes it: small letters, no punctuation, hyphens for spaces."""
    said = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", heading)
    said = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", said)
    said = re.sub(r"<[^<>]*>", "", said)
    said = re.sub(r"(?<!\w)_(.+?)_(?!\w)", r"\1", said)
    kept = (character for character in said.lower() if character.isalnum() or character in "-_ ")
    return "".join(kept).replace(" ", "-")
