"""Describes a made folder as Croissant JSON-LD (MLCommons, version 1.0), with the truth table's columns and the bytes of every file."""
import json
from datetime import date
from pathlib import Path

from . import media, table

CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty", "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated",
    "replace": "cr:replace", "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform"}
TYPES = {".csv": "text/csv", ".wav": "audio/wav", ".mp4": "video/mp4", ".mkv": "video/x-matroska", ".srt": "application/x-subrip"}
ABOUT = {
    "item": "name of the question; FILES#PART where several share their files", "track": "what is aligned with what", "split": "dev or test, by speaker and device",
    "kind": "how the truth came about: constructed, instrumented or agreed", "truth_ms": "to be added to the subject's times; empty: a negative",
    "pm_ms": "how far the truth may be off itself", "negative": "kind of a pair that does not belong together", "source": "recording that intervals are clustered by",
    "speaker": "who speaks", "device": "what recorded it", "language": "ISO 639-1", "condition": "what was done to make it harder", "seconds": "of media to look at",
    "reference": "path of the reference", "subject": "path of the subject; empty: within the reference", "made": "what the recipe did",
    "licence": "of the recording", "credit": "whom to name"}


def write(folder):
    folder = Path(folder)
    items = table.read_items(folder / "items.csv")
    files = json.loads((folder / "files.json").read_text())["files"]
    licences = sorted({item.licence for item in items})
    objects = [{"@type": "cr:FileObject", "@id": "items.csv", "name": "items.csv", "contentUrl": "items.csv", "encodingFormat": "text/csv",
                "sha256": media.sha256(folder / "items.csv")}]
    objects += [{"@type": "cr:FileObject", "@id": entry["path"], "name": entry["path"], "contentUrl": entry["path"], "contentSize": f"{entry['bytes']} B",
                 "encodingFormat": TYPES[Path(entry["path"]).suffix], "sha256": entry["sha256"]} for entry in files]
    fields = [{"@type": "cr:Field", "@id": f"items/{name}", "name": name, "description": ABOUT[name],
               "dataType": "sc:Float" if name in table.NUMBERS else "sc:Text",
               "source": {"fileObject": {"@id": "items.csv"}, "extract": {"column": name}}} for name in ABOUT]
    made = {"@context": CONTEXT, "@type": "sc:Dataset", "name": "alignbench", "conformsTo": "http://mlcommons.org/croissant/1.0",
            "description": "Pairs of streams that lie a known number of milliseconds apart, and pairs that do not belong together.",
            "license": licences, "url": "https://github.com/genlock/genlock", "version": "0.1.0", "datePublished": date.today().isoformat(),
            "citeAs": "Genlock: a benchmark of temporal alignment in milliseconds, 2026", "distribution": objects,
            "recordSet": [{"@type": "cr:RecordSet", "@id": "items", "name": "items", "description": "The truth table.", "key": {"@id": "items/item"}, "field": fields}]}
    path = folder / "croissant.json"
    path.write_text(json.dumps(made, indent=1) + "\n")
    return path
