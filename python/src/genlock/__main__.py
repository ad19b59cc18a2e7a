"""`python -m genlock`: runs the program."""

from ._program import main

main()
