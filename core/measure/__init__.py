"""What is compared: errors, rankings, and which of several things is not beaten by any other."""
