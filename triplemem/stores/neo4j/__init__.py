"""The Neo4j store: the same contract, as a graph."""
