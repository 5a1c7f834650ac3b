"""What holds for every test."""

import signal

# A shell that starts a job in the background makes it deaf to Ctrl-C, and every program that the tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
