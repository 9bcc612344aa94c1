package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import java.util.Map;

/** What every task of one round, step or ordered run sees of the world. Immutable. */
public record RoundView(long round, long clock, Map<String, Payload> state) {}
