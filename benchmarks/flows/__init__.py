"""How the networks of `graph.ingest.flows` are trained: on plan tables drawn by ourselves.

    python -m benchmarks.flows draw FOLDER --first 0 --last 1000     rows of many plans mixed, printed and torn
    python -m benchmarks.flows examples FOLDER EXAMPLES.pickle       what every word and cell truly is
    python -m benchmarks.flows train words EXAMPLES.pickle WORDS.pt --minutes 120
    python -m benchmarks.flows train cells EXAMPLES.pickle CELLS.pt --minutes 30
    python -m benchmarks.flows ship WORDS.pt CELLS.pt                writes words.npz and cells.npz into the package

The truth comes from the printed page: a PDF tells where each word stands, its rules tell the cells, so every word that
a tool prints has its column and cell exactly. Needs LibreOffice Writer and poppler-utils.
"""
