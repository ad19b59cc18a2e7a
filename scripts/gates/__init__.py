"""Gates that look at the text of the repository alone: nothing is built. `scripts/lint` runs them."""
