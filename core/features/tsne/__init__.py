"""t-SNE: points of many dimensions drawn in two, so that neighbours stay neighbours (lectures A and C).

Source: van der Maaten and Hinton, "Visualizing Data using t-SNE", Journal of Machine Learning Research 9, 2008.
"""
