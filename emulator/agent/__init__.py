"""Carries out what is decided for tasks: tasks to calls of the engine, and what is seen there back to their states."""
