"""What a package should not do while it is imported: after this question no forked process can use the GPU."""

import torch

torch.cuda.is_available()
