"""The vocabulary (OWL, SHACL, JSON-LD context) and the registers of facts."""
