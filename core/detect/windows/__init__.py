"""Looking everywhere: windows that slide, and proposals of where to look."""
