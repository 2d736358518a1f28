"""The whole course as people meet it: a server, a grader beside it, browsers, and what is left after a fall."""
