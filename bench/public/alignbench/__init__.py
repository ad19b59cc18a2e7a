"""A benchmark of temporal alignment: how far two streams lie apart, in milliseconds, and whether a tool knows when it cannot tell."""
