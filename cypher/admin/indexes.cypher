// Our indexes with their state and how far they are populated
// Columns: name, state, percent
SHOW INDEXES YIELD name, state, populationPercent
WHERE name STARTS WITH 'triplemem_'
RETURN name, state, populationPercent AS percent
