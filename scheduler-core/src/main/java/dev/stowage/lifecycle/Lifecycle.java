package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The lifecycle protocol: executes commands on a state. A pure function of (state, command, tick),
 * given a planner that is one. It remembers the last plan that changed nothing, so that an idle
 * cycle need not plan; use one instance for each state. Not thread-safe.
 */
public final class Lifecycle {
  private final Planning planning;

  /** A lifecycle that plans with this planner. */
  public Lifecycle(PlacementPlanner planner) {
    planning = new Planning(Objects.requireNonNull(planner, "planner"));
  }

  /**
   * What a command did.
   *
   * @param changes what changed, to be made durable, or rolled back on the state
   * @param result the typed answer
   */
  public record Outcome(ChangeSet changes, Result result) {
    /** Refuses nulls. */
    public Outcome {
      Objects.requireNonNull(changes, "changes");
      Objects.requireNonNull(result, "result");
    }
  }

  /**
   * Executes a command. The state is changed when this returns; if the change set cannot be made
   * durable, {@link LifecycleState#rollback} undoes it. An exception leaves the state as it was.
   *
   * @param state the state, written by this thread alone
   * @param command what to do
   * @param now the tick it happens at; a cycle called with a smaller one than the largest that any
   *     cycle has seen works with the largest
   */
  public Outcome execute(LifecycleState state, Command command, Tick now) {
    Objects.requireNonNull(command, "command");
    return run(state, journal -> result(state, journal, command, now.value()));
  }

  /**
   * The first half of a scheduling cycle for a host that plans outside of its transaction: what the
   * planner would read now. Changes nothing; admit what was offered first ({@link Command.Admit}).
   *
   * <p>A planner that keeps an index is told here what changed; one preparation can be planned from
   * at a time, the newest.
   *
   * @return empty where the last plan said everything and nothing changed since; {@code schedule}
   *     then costs nothing either
   */
  public Optional<Preparation> prepare(LifecycleState state, PlanningAdvice advice, Tick now) {
    Journal journal = state.begin();
    try {
      SchedulingCycle cycle = new SchedulingCycle(journal, now.value(), planning);
      cycle.begin();
      return cycle.prepare(advice).map(from -> new Preparation(journal.tables, from));
    } finally {
      journal.undo();
    }
  }

  /** Makes the next preparation ask the planner again, whatever its last plan said. */
  public void reconsider() {
    planning.memory().forget();
  }

  /**
   * The second half: a scheduling cycle that carries out a plan made from {@link #prepare}, on the
   * state as it is now. What no longer fits is struck (section 3).
   *
   * @param state the state, written by this thread alone
   * @param preparation what was planned from
   * @param plan the plan made from its input
   * @param now the tick of the cycle
   */
  public Outcome apply(
      LifecycleState state, Preparation preparation, PlacementPlan plan, Tick now) {
    if (!preparation.made(plan)) {
      throw new IllegalArgumentException("the plan was not made from this preparation");
    }
    return run(
        state,
        journal -> {
          SchedulingCycle cycle = new SchedulingCycle(journal, now.value(), planning);
          cycle.begin();
          return cycle.finish(preparation.prepared(), plan);
        });
  }

  private static Outcome run(LifecycleState state, Function<Journal, Result> step) {
    Journal journal = state.begin();
    Result result;
    try {
      result = step.apply(journal);
    } catch (RuntimeException | Error failure) {
      journal.undo();
      throw failure;
    }
    ChangeSet changes = state.commit(journal);
    if (result instanceof Result.Scheduled scheduled) {
      result = scheduled.withChanged(changes.isChange());
    } else if (result instanceof Result.Published published) {
      result = published.withChanged(changes.isChange());
    }
    return new Outcome(changes, result);
  }

  private Result result(LifecycleState state, Journal journal, Command command, long now) {
    if (command instanceof Command.Schedule schedule) {
      return new SchedulingCycle(journal, now, planning).run(schedule.advice());
    }
    if (command instanceof Command.Publish publish) {
      return new VisibilityCycle(journal, now, publish.commitTick()).run();
    }
    if (command instanceof Command.Purge) {
      return new Purge(journal, now).run(state.publisher());
    }
    if (command instanceof Command.Admit) {
      return admit(journal, now);
    }
    long tick = Math.max(now, state.largestTick().value());
    return ingesterOrWorker(journal, command, tick);
  }

  private static Result ingesterOrWorker(Journal journal, Command command, long tick) {
    if (command instanceof Command.Ingest ingest) {
      return new Admission(journal).ingest(ingest.chunks());
    }
    if (command instanceof Command.Offer offer) {
      return new Admission(journal).offer(offer.chunks(), tick);
    }
    if (command instanceof Command.RegisterSwap swap) {
      return new SwapRegistration(journal, swap).register();
    }
    if (command instanceof Command.CancelSwap cancel) {
      return new Removal(journal).cancel(cancel.swapId());
    }
    if (command instanceof Command.Remove remove) {
      return new Removal(journal).remove(remove.chunk());
    }
    Reports reports = new Reports(journal, tick);
    if (command instanceof Command.Heartbeat heartbeat) {
      return reports.heartbeat(heartbeat.header());
    }
    if (command instanceof Command.Applied applied) {
      return reports.applied(applied.header(), applied.id().value(), applied.missing());
    }
    if (command instanceof Command.Lost lost) {
      return reports.lost(lost.header(), lost.chunks());
    }
    if (command instanceof Command.Inventory inventory) {
      return reports.inventory(inventory.header(), inventory.chunks());
    }
    return host(journal, command, tick);
  }

  private static Result host(Journal journal, Command command, long tick) {
    WorkerCommands workers = new WorkerCommands(journal, tick);
    if (command instanceof Command.Register register) {
      return workers.register(register.worker(), register.diskId());
    }
    if (command instanceof Command.Describe describe) {
      return workers.describe(describe);
    }
    if (command instanceof Command.SetStatus status) {
      return workers.setStatus(status.worker(), status.status());
    }
    FleetCommands fleet = new FleetCommands(journal, tick);
    if (command instanceof Command.Configure configure) {
      return fleet.configure(configure.expectedVersion(), configure.config());
    }
    if (command instanceof Command.Wish wish) {
      return fleet.wish(wish.wish(), wish.expectedVersion());
    }
    if (command instanceof Command.Unwish unwish) {
      return fleet.unwish(unwish.wish(), unwish.expectedVersion());
    }
    if (command instanceof Command.Freeze freeze) {
      return fleet.freeze(freeze.expectedVersion());
    }
    if (command instanceof Command.Unfreeze unfreeze) {
      return fleet.unfreeze(unfreeze.expectedVersion());
    }
    if (command instanceof Command.BeginLineage begin) {
      return fleet.beginLineage(begin.lineage());
    }
    if (command instanceof Command.Keep keep) {
      return fleet.keep(keep.annex());
    }
    throw new IllegalArgumentException("unknown command " + command);
  }

  private static Result admit(Journal journal, long now) {
    List<ChunkKey> admitted = new ArrayList<>();
    List<ChunkKey> rejected = new ArrayList<>();
    long tick = journal.tables.fleet.advanceUncounted(now);
    new Admission(journal).admitOffered(tick, admitted, rejected);
    return new Result.Admitted(admitted, rejected);
  }
}
