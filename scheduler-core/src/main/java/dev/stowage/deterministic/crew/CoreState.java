package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.Task;
import java.util.ArrayList;
import java.util.List;

/** A logical core, owned by the driver between rounds and by its claiming thread during one. */
public final class CoreState {
  private final int core;
  private final CoreQueue queue;
  private final List<Execution> outbox = new ArrayList<>();
  private Payload local = Payload.EMPTY;

  public CoreState(int core, CoreQueue queue) {
    this.core = core;
    this.queue = queue;
  }

  public int core() {
    return core;
  }

  public CoreQueue queue() {
    return queue;
  }

  public List<Execution> outbox() {
    return outbox;
  }

  public Execution runNow(TaskRunner runner, Task task, RoundView view) {
    return runAt(runner, task, 0, view);
  }

  void runRound(TaskRunner runner, RoundView view, int quantum) {
    int count = Math.min(quantum, queue.size());
    for (int position = 0; position < count; position++) {
      outbox.add(runAt(runner, queue.take(), position, view));
    }
  }

  private Execution runAt(TaskRunner runner, Task task, int position, RoundView view) {
    Execution plain = runner.runPlain(task);
    if (plain != null) {
      return plain;
    }
    TaskRunner.Ran ran = runner.run(task, new TaskRunner.Seat(core, position, local), view);
    local = ran.local();
    return ran.execution();
  }
}
