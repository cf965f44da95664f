"""Routes: each a few lines that call one answer."""
