"""Reading plain text torn from PDFs: prose joined into paragraphs, a table's cells put back into rows."""
