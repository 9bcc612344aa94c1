package host;

// insert: java 1 of docs/own-server.md
