"""The building blocks of architectures: residual, dense, fractal, pointwise, heads."""
