"""The command `sohoa`: the only code that may see everything. Vietnamese for people, stable English codes for programs."""
