"""The steps that the tables of the course pages took, one file each."""
