package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.scenario.draw.Odds;
import java.util.List;

/**
 * One thing that may happen next in a story.
 *
 * @param title the name as statistics print it
 * @param odds how often it is drawn
 * @param isCommand whether another process can do it too
 * @param draw draws the lines in which it happens
 */
public record DrawnAction(String title, Odds odds, boolean isCommand, Draw draw) {
  /** Draws lines. */
  @FunctionalInterface
  public interface Draw {
    /** Returns the lines, in order; empty where the deed makes no sense now. */
    List<String> lines(Drawing of);
  }

  /** Returns every deed, in the order of the words. */
  public static List<DrawnAction> all() {
    return StepReader.deeds();
  }
}
