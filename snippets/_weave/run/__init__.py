"""Runs what pages name, outside the build, and keeps what that gave."""
