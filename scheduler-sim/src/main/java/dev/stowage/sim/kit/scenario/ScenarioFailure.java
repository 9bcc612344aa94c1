package dev.stowage.sim.kit.scenario;

/**
 * Where a scenario did not go as its author expected.
 *
 * @param file the file, as it was named
 * @param line the line, counted from 1
 * @param expected what should have been seen
 * @param found the finding
 */
public record ScenarioFailure(String file, int line, String expected, String found) {
  /** Returns the failure as {@code FILE:LINE: expected ..., found ...}. */
  @Override
  public String toString() {
    return file + ":" + line + ": expected " + expected + ", found " + found;
  }
}
