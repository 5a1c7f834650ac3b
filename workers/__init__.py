"""Running the work: child processes that may be killed, the worker of one machine, the watcher of a scanner's folder."""
