"""The jail a student's code runs in: one small module per layer, one place that puts them in order."""
