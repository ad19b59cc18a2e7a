"""What Genlock answers, as classes.

Made by python/generate from docs/report.schema.json and docs/views.schema.json, which docs/json.md explains: do not edit.
Times are in the unit of their name (`_ms`, `_s`); `offset_ms` is what to add to the subject's timestamps: positive means
that the subject is early. What is not known is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = [
    "ClipError",
    "Clock",
    "Finding",
    "FindingCheck",
    "FindingDirection",
    "FindingTolerance",
    "Item",
    "ItemFlagsItem",
    "ItemKind",
    "Note",
    "Pair",
    "Report",
    "Segment",
    "Span",
    "Stream",
    "Verdict",
    "ViewsReport",
]

FindingCheck: TypeAlias = Literal["lips", "impacts", "transcript", "speakers", "events", "views", "sensor", "actions", "container", "compare", "tracks"]
FindingDirection: TypeAlias = Literal["early", "late", "aligned"]
ItemFlagsItem: TypeAlias = Literal["moved", "doubtful", "wrong-text", "no-speech", "overlap", "too-fast", "out-of-order", "past-end", "extra"]
ItemKind: TypeAlias = Literal["cue", "word", "turn", "event"]
Verdict: TypeAlias = Literal["in-sync", "marginal", "misaligned", "measured", "unpaired", "inconclusive", "not-applicable", "failed"]


def _read(value: Any, read: Callable[[Any], Any]) -> Any:
    return read(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipError:
    """The object `ClipError` of the document."""

    code: str
    message: str
    remedy: str
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ClipError:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            code=data["code"],
            message=data["message"],
            remedy=data["remedy"],
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One recording on the clock of its group."""

    clip: str
    offset_ms: float | None
    drift_ppm: float | None
    group: int | None
    residual_ms: float | None
    start_s: float | None = None
    duration_s: float | None = None
    chapter_of: str | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Clock:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            clip=data["clip"],
            offset_ms=data["offset_ms"],
            drift_ppm=data["drift_ppm"],
            group=data["group"],
            residual_ms=data["residual_ms"],
            start_s=data.get("start_s"),
            duration_s=data.get("duration_s"),
            chapter_of=data.get("chapter_of"),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The object `Finding` of the document."""

    check: FindingCheck
    subject: str
    reference: str
    verdict: Verdict
    offset_ms: float | None
    direction: FindingDirection | None
    ci95_ms: tuple[float | None, float | None] | None
    confidence: float | None
    worst_ms: float | None
    drift_ppm: float | None
    drift_ci95_ppm: tuple[float | None, float | None] | None
    rate: str | None
    segments: list[Segment] | None
    tolerance_ms: FindingTolerance
    because: list[str]
    evidence: dict[str, Any]
    clip: str | None = None
    against: str | None = None
    subject_file: str | None = None
    subject_stream: Stream | None = None
    reference_stream: Stream | None = None
    expected_ms: float | None = None
    items: list[Item] | None = None
    gaps: list[Span] | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            check=data["check"],
            subject=data["subject"],
            reference=data["reference"],
            verdict=data["verdict"],
            offset_ms=data["offset_ms"],
            direction=data["direction"],
            ci95_ms=_read(data["ci95_ms"], lambda value: tuple(value) if value is not None else None),
            confidence=data["confidence"],
            worst_ms=data["worst_ms"],
            drift_ppm=data["drift_ppm"],
            drift_ci95_ppm=_read(data["drift_ci95_ppm"], lambda value: tuple(value) if value is not None else None),
            rate=data["rate"],
            segments=_read(data["segments"], lambda value: [Segment.from_dict(value) for value in value] if value is not None else None),
            tolerance_ms=_read(data["tolerance_ms"], lambda value: FindingTolerance.from_dict(value)),
            because=_read(data["because"], lambda value: list(value)),
            evidence=_read(data["evidence"], lambda value: dict(value)),
            clip=data.get("clip"),
            against=data.get("against"),
            subject_file=data.get("subject_file"),
            subject_stream=_read(data.get("subject_stream"), lambda value: Stream.from_dict(value) if value is not None else None),
            reference_stream=_read(data.get("reference_stream"), lambda value: Stream.from_dict(value) if value is not None else None),
            expected_ms=data.get("expected_ms"),
            items=_read(data.get("items"), lambda value: [Item.from_dict(value) for value in value] if value is not None else None),
            gaps=_read(data.get("gaps"), lambda value: [Span.from_dict(value) for value in value] if value is not None else None),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTolerance:
    """The object `FindingTolerance` of the document."""

    inner: tuple[float, float]
    outer: tuple[float, float]
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> FindingTolerance:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            inner=_read(data["inner"], lambda value: tuple(value)),
            outer=_read(data["outer"], lambda value: tuple(value)),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The object `Item` of the document."""

    index: int
    kind: ItemKind
    text: str
    start_s: float
    end_s: float
    offset_ms: float | None
    trust: float | None
    flags: list[ItemFlagsItem]
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Item:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            index=data["index"],
            kind=data["kind"],
            text=data["text"],
            start_s=data["start_s"],
            end_s=data["end_s"],
            offset_ms=data["offset_ms"],
            trust=data["trust"],
            flags=_read(data["flags"], lambda value: list(value)),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was noticed of one recording."""

    clip: str
    note: str
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Note:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            clip=data["clip"],
            note=data["note"],
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two recordings held against each other by one method."""

    clip: str
    against: str
    method: str
    use: str
    offset_ms: float | None
    ci95_ms: tuple[float, float] | None
    confidence: float | None
    because: list[str]
    evidence: dict[str, Any]
    drift_ppm: float | None = None
    residual_ms: float | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Pair:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            clip=data["clip"],
            against=data["against"],
            method=data["method"],
            use=data["use"],
            offset_ms=data["offset_ms"],
            ci95_ms=_read(data["ci95_ms"], lambda value: tuple(value) if value is not None else None),
            drift_ppm=data.get("drift_ppm"),
            confidence=data["confidence"],
            residual_ms=data.get("residual_ms"),
            because=_read(data["because"], lambda value: list(value)),
            evidence=_read(data["evidence"], lambda value: dict(value)),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Genlock report of one clip."""

    schema_version: int
    tool_version: str
    method_version: str | None
    clip: str
    duration_s: float | None
    verdict: Verdict
    findings: list[Finding]
    error: ClipError | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            schema_version=data["schema_version"],
            tool_version=data["tool_version"],
            method_version=data["method_version"],
            clip=data["clip"],
            duration_s=data["duration_s"],
            verdict=data["verdict"],
            findings=_read(data["findings"], lambda value: [Finding.from_dict(value) for value in value]),
            error=_read(data.get("error"), lambda value: ClipError.from_dict(value) if value is not None else None),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The object `Segment` of the document."""

    start_s: float
    end_s: float
    offset_ms: float
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Segment:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            start_s=data["start_s"],
            end_s=data["end_s"],
            offset_ms=data["offset_ms"],
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The object `Span` of the document."""

    start_s: float
    end_s: float
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Span:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            start_s=data["start_s"],
            end_s=data["end_s"],
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The object `Stream` of the document."""

    index: int | None = None
    language: str | None = None
    channel: int | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Stream:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            index=data.get("index"),
            language=data.get("language"),
            channel=data.get("channel"),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewsReport:
    """Genlock report of recordings on one clock."""

    schema_version: int
    tool_version: str
    method_version: str | None
    clip: str
    duration_s: float | None
    verdict: Verdict
    findings: list[Finding]
    clock: list[Clock]
    pairs: list[Pair]
    error: ClipError | None = None
    notes: list[Note] | None = None
    errors: list[dict[str, Any]] | None = None
    #: The object as it was read, with members that later versions added.
    document: dict[str, Any] = field(repr=False, compare=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ViewsReport:
        """Reads the object of a JSON document; members that are not known are left aside."""
        return cls(
            schema_version=data["schema_version"],
            tool_version=data["tool_version"],
            method_version=data["method_version"],
            clip=data["clip"],
            duration_s=data["duration_s"],
            verdict=data["verdict"],
            findings=_read(data["findings"], lambda value: [Finding.from_dict(value) for value in value]),
            error=_read(data.get("error"), lambda value: ClipError.from_dict(value) if value is not None else None),
            clock=_read(data["clock"], lambda value: [Clock.from_dict(value) for value in value]),
            pairs=_read(data["pairs"], lambda value: [Pair.from_dict(value) for value in value]),
            notes=_read(data.get("notes"), lambda value: [Note.from_dict(value) for value in value] if value is not None else None),
            errors=_read(data.get("errors"), lambda value: [dict(value) for value in value] if value is not None else None),
            document=dict(data),
        )

    def to_dict(self) -> dict[str, Any]:
        """The object as it was read."""
        return self.document
