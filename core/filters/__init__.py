"""Sliding a window over an image: correlation, convolution and their arithmetic."""
