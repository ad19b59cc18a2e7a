"""Trains the classes of sounds that transcripts are held against; see `python -m speech_classes --help`."""
