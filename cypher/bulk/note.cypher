// Write one batch of what is to be changed into the journal
// :param namespace => 'acme/users/42'
// :param id => 'journal 3 000001'
// :param body => '{"name": "created", "rows": []}'
// Columns: none
MERGE (j:Memory {namespace: $namespace, id: $id})
SET j:Journal, j.body = $body
FINISH
