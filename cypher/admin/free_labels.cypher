// Labels that records of version 2 have are taken from entities, which a kind of that name gave them before
// Columns: none
MATCH (x:Entity)
WHERE x:Record|Prompt|Rule|PromptProposal|Experience|Step|Outcome|Summary
REMOVE x:Record:Prompt:Rule:PromptProposal:Experience:Step:Outcome:Summary
