"""What a Swift file imports, read from its text."""
import re
from dataclasses import dataclass

from .repository import line_of

IMPORT = re.compile(
    r"(?:^|;)[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func|actor)\s+)?(\w+)",
    re.MULTILINE)
# Comments, and strings of all kinds: what stands in them is no import. A string in a string's interpolation ends the
# outer one here, which does no harm: the rest of its line is no import either.
HIDDEN = re.compile(r'//[^\n]*|/\*|(#*)"""[\s\S]*?"""\1|#*"(?:\\.|[^"\\\n])*"#*')


@dataclass(frozen=True)
class Import:
    module: str
    line: int


def without_comments_and_strings(text):
    """The text with comments and strings made blank, every line in its place."""
    parts, position = [], 0
    while match := HIDDEN.search(text, position):
        end = match.end()
        if match.group() == "/*":
            end = comment_end(text, match.end())
        parts += [text[position:match.start()], re.sub(r"[^\n]", " ", text[match.start():end])]
        position = end
    return "".join(parts) + text[position:]


def comment_end(text, position):
    """Where a comment that was opened before `position` is closed: such comments stand in one another."""
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(text, position):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


def imports(text):
    bare = without_comments_and_strings(text)
    return [Import(match[1], line_of(bare, match.start(1))) for match in IMPORT.finditer(bare)]
