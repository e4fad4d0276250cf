"""Reads pages: takes them apart by the forms, and keeps every position."""
