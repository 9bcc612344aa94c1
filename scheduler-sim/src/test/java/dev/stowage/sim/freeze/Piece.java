package dev.stowage.sim.freeze;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * A piece of the work, to be done on any thread.
 *
 * @param part to which part of the record its lines belong, and their first word
 * @param lines finds the lines: a name, of one or more words, and a digest
 */
record Piece(String part, Callable<List<String>> lines) {}
