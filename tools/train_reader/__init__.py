"""Trains the line network that `OnnxLines` reads with: `python -m tools.train_reader --help`, decision 0016.

    words     what made-up documents say: sentences of a corpus, names, numbers, signs
    drawn     such documents, set in type and scanned as samples are, cut into the lines that the line finder finds
    echoed    lines of real pages without a transcript, where two readers and the language agree on what stands there
    network   the network in PyTorch, its weights from an ONNX file and back into one
    training  CTC on shelves of lines
    shelf     lines on disk: ink maps and what stands there
    shelves   many of them, filled on all cores

Nothing of this is needed to read.
"""
