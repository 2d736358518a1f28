"""Architectures as tables: shapes, parameters, operations, memory and receptive fields."""
