"""The one place that chooses: settings in, ports with their adapters out. Nobody else imports an adapter.

home      store, index, queue and custody of one home: what every command needs
readers   what reads: loaded in child processes alone, since models take half a second
"""
