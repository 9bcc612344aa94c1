package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import java.util.Map;

/** The immutable view that the tasks of one round, step or ordered run have. */
public record RoundView(long round, long clock, Map<String, Payload> state) {}
