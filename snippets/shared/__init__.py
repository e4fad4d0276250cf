"""The library under the lessons: what several of them need, each thing once."""
