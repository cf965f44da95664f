"""Reading plans, naming what they speak of, and the knowledge graph made of them."""
