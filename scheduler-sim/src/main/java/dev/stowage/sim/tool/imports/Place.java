package dev.stowage.sim.tool.imports;

import dev.stowage.sim.tool.csv.InputProblem;

/**
 * Where a source says something.
 *
 * @param file the file as the user named it
 * @param line the line, counted from 1; 0 if a key says it better
 * @param key the key, field or column; empty if the line says it better
 */
record Place(String file, long line, String key) {
  Place at(String newKey) {
    return new Place(file, line, newKey);
  }

  /** Returns the refusal of what stands here. */
  Refused refused(String expected, String found) {
    return new Refused(new InputProblem(file, line, key, expected, found));
  }

  /** Returns the refusal of a text that stands here. */
  Refused refusedText(String expected, String found) {
    return refused(expected, InputProblem.quoted(found));
  }
}
