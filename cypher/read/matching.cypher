// Facts and episodes by their words: Lucene expressions whose every term begins with the namespace's number
// :param expressions => ['+12fbob']
// :param limit => 100
// Columns: expression, ids
UNWIND $expressions AS expression
CALL (expression) {
  CALL db.index.fulltext.queryNodes('triplemem_words', expression, {limit: $limit}) YIELD node
  RETURN collect(node.id) AS ids
}
RETURN expression, ids
