package host;

// insert: java 1 of docs/testing.md
