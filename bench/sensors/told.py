"""What a scan tells of the episodes of a set, read from its store."""
import collections
import sqlite3


def told(store):
    """By episode: the kinds that are told."""
    base = sqlite3.connect(store)
    found = collections.defaultdict(set)
    for key, kinds in base.execute("SELECT key, value FROM attribute JOIN clip ON clip.id = clip_id WHERE name = 'faults'"):
        found[key] |= set(kinds.split())
    for key, code in base.execute("SELECT key, error_code FROM clip WHERE error_code IS NOT NULL"):
        found[key].add(code)
    return found
