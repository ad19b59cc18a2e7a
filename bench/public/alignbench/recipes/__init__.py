"""Recipes: what makes the items of each track out of sources, by seed."""
