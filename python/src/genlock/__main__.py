"""`python -m genlock`: the program."""

from ._program import main

main()
