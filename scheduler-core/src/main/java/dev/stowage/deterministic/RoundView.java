package dev.stowage.deterministic;

import java.util.Map;

/** What every task of one round, step or ordered run sees of the world. Immutable. */
record RoundView(long round, long clock, Map<String, Payload> state) {}
