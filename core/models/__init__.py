"""Models that are trained by the project, and pretrained ones: recipes, weights, cards, and how to come by them."""
