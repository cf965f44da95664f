"""How the networks of `graph.ingest.flows` are trained: on plan tables drawn by ourselves.

    python -m benchmarks.flows draw FOLDER --first 0 --last 1000     rows of many plans mixed, printed and torn
    python -m benchmarks.flows pairs                                 how words follow each other in annotated plans
    python -m benchmarks.flows examples FOLDER WORDS.pickle          what every word and cell truly is
    python -m benchmarks.flows train words WORDS.pickle WORDS.pt --minutes 120
    python -m benchmarks.flows examples FOLDER ALL.pickle --words WORDS.pt     the pieces that it cuts as well
    python -m benchmarks.flows train pieces ALL.pickle PIECES.pt --minutes 60
    python -m benchmarks.flows train cells ALL.pickle CELLS.pt --minutes 30
    python -m benchmarks.flows ship WORDS.pt PIECES.pt CELLS.pt      writes the weights into the package

The truth comes from the printed page: a PDF tells where each word stands, its rules tell the cells, so every word that
a tool prints has its column and cell exactly. Needs LibreOffice Writer and poppler-utils.
"""
