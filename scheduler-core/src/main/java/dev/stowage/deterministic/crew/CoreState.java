package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.SchedulerEvent;
import dev.stowage.deterministic.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A logical core, owned by the driver between rounds and by its claiming thread during one. */
public final class CoreState {
  private final int core;
  private final CoreQueue queue;
  private final List<Execution> outbox = new ArrayList<>();
  private Payload local = Payload.EMPTY;
  private int blockedAt = -1;
  private @Nullable TaskOwnership turn;

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

  Payload local() {
    return local;
  }

  void restoreLocal(Payload value) {
    local = value;
  }

  @Nullable TaskOwnership turn() {
    return turn;
  }

  /** Sets {@code position} of a task to fail as blocked in a replay, or -1. */
  public void beginRound(@Nullable TaskOwnership watched, int position) {
    turn = watched;
    blockedAt = position;
  }

  public Execution runNow(TaskRunner runner, Task task, RoundView view) {
    return runAt(runner, task, 0, view);
  }

  /** Returns false if the driver abandoned the last task. */
  boolean runRound(TaskRunner runner, RoundView view, int quantum) {
    int count = Math.min(quantum, queue.size());
    TaskOwnership watched = turn;
    for (int position = 0; position < count; position++) {
      Task task = queue.take();
      if (position == blockedAt) {
        addBlocked(task);
        return true;
      }
      if (watched == null) {
        outbox.add(runAt(runner, task, position, view));
      } else if (!runWatched(runner, task, position, view)) {
        return false;
      }
    }
    return true;
  }

  void addBlocked(Task task) {
    outbox.add(Execution.failed(task, 0, SchedulerEvent.Failure.BLOCKED, ""));
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

  private boolean runWatched(TaskRunner runner, Task task, int position, RoundView view) {
    TaskOwnership mine = turn;
    if (mine == null) {
      throw new IllegalStateException("core " + core + " is not watched");
    }
    mine.begin(task, position, Thread.currentThread());
    TaskRunner.Ran ran;
    try {
      ran = runner.run(task, new TaskRunner.Seat(core, position, local), view);
    } catch (RuntimeException | Error broken) {
      if (!mine.finish()) {
        return false;
      }
      throw broken;
    }
    if (!mine.finish()) {
      return false;
    }
    local = ran.local();
    outbox.add(ran.execution());
    return true;
  }
}
