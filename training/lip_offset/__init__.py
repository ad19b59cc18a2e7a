"""Training and reference inference of the lip-to-audio offset estimator."""
