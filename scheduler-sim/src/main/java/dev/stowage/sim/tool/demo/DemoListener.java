package dev.stowage.sim.tool.demo;

/** Hears how a demo comes along. */
@FunctionalInterface
public interface DemoListener {
  /**
   * Reports the end of a cycle.
   *
   * @param share the share of the story that is told, 0 to 1
   * @param title the present event
   * @param cycle the number of the cycle, counted from 1
   */
  void at(double share, String title, long cycle);
}
