/** What is wrong with a table, in one sentence for the person who brought it. */
export class TableError extends Error {
  name = "TableError";
}
