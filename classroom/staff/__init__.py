"""What assistants and instructors see and do with everybody's work."""
