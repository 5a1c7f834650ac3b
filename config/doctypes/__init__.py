"""Document types as data: one table a file, read by `config.profiles`."""
