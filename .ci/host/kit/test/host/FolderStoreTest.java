package host;

// insert: java 1 of docs/write-a-store.md
