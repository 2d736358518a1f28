"""Tests of what two answers have in common."""
