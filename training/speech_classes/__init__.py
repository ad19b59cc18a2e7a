"""Trains the classes of sounds with which transcripts are compared; see `python -m speech_classes --help`."""
