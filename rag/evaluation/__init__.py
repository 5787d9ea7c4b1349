"""Gold questions to scores: how often an answer cites what it should, and how often it should have declined."""
