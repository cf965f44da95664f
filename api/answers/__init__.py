"""The answers: one function a question, from a `Library` to the JSON of the public contract.

Commands, HTTP routes and web pages all call these, so that the three cannot disagree.
"""
