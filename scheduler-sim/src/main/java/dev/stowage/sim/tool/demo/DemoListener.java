package dev.stowage.sim.tool.demo;

/** Hears how a demo comes along. */
@FunctionalInterface
public interface DemoListener {
  /**
   * A cycle is over.
   *
   * @param share how much of the story is told, 0 to 1
   * @param title the event that it is at
   * @param cycle counted from 1
   */
  void at(double share, String title, long cycle);
}
