"""What holds for every test."""

import os
import signal

import hypothesis

# A shell that starts a job in the background makes it deaf to Ctrl-C, other starters hold signals back for good; every program
# that the tests start would inherit both.
for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    if signal.getsignal(wish) is signal.SIG_IGN:
        signal.signal(wish, signal.default_int_handler if wish is signal.SIGINT else signal.SIG_DFL)
if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
signal.pthread_sigmask(signal.SIG_SETMASK, ())

# Tests that load ONNX Runtime by themselves must not report to its maker either (config.wiring.readers.keep_to_ourselves).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# To make a failing example small may take minutes, longer than a test may last. The whole suite tells it as it was found; who then
# runs that test alone gets it from the example database and has it made small.
hypothesis.settings.register_profile(
    "suite", phases=[phase for phase in hypothesis.Phase if phase is not hypothesis.Phase.shrink]
)
if "PYTEST_XDIST_WORKER" in os.environ:
    hypothesis.settings.load_profile("suite")
