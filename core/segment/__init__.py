"""Labels for every pixel: heat maps of converted classifiers, stitching, upsampling, and nets made for it."""
