package dev.stowage.sim.kit.scenario;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Keeps the tasks of a facade until the story runs them, on its only thread. Not thread-safe. */
final class TurnExecutor implements Executor {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  /** Runs what waits, and what that adds. */
  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
