// Take an erased cause, and the reasons given with it, out of the audit trail
// :param namespace => 'acme/users/42'
// :param cause => 'c_0123456789abcdef.0'
// Columns: none
MATCH (e:Event {namespace: $namespace, cause: $cause})
USING INDEX SEEK e:Event(namespace, cause)
REMOVE e.cause, e.reason
