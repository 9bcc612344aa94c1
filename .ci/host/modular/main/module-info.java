/** Tests of a store as a module of their own. */
// insert: java 2 of docs/write-a-store.md
