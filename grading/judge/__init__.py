"""Tests in a second process: answers cross as plain data, never as objects, and the tests never cross at all."""
