"""What scanners and people do to a printed page: pens, seals and stamps; paper; skew, cameras and noise."""
