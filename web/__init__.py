"""Showing the house: health and metrics for those who run it, and the door at which an object store tells what was dropped."""
