// Take what the audit trail says of an erased fact out of it
// :param namespace => 'acme/users/42'
// :param fact => 'f_0123456789abcdef'
// Columns: none
MATCH (e:Event {namespace: $namespace, fact: $fact})
USING INDEX SEEK e:Event(namespace, fact)
REMOVE e.cause, e.reason, e.fact
