"""From strings to things: legal documents, agencies, timeframes, quantified targets."""
