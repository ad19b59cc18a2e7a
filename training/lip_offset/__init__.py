"""Training and reference inference of the lip-to-sound offset estimator."""
