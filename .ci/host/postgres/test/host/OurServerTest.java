package host;

// insert: java 3 of docs/write-a-store.md
