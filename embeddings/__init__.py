"""Search by meaning: passages, encoder, vector and lexical indexes, fusion."""
