"""Choosing: settings, logging, document types, gazetteers, and the one function that wires adapters to ports."""
