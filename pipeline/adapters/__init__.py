"""One outside library each; only `config.wiring` imports from here."""
