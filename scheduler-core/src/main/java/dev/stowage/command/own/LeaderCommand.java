package dev.stowage.command.own;

import dev.stowage.columns.Oversized;
import dev.stowage.columns.Utf8Order;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.List;
import java.util.Optional;

/**
 * A command that the holder of the lease alone gives: the cycles, the annexes that they keep, and
 * what happens to the fleet itself. Immutable.
 */
public interface LeaderCommand<R extends Result> extends Command<R> {
  private static void bound(ValueField<?, List<WorkerId>> field) {
    field.atMost(Command.Bounds.WAITING_BYTES, "bytes", LeaderCommand::bytesOf);
  }

  private static long bytesOf(List<WorkerId> workers) {
    long bytes = 0;
    for (WorkerId worker : workers) {
      bytes += Integer.BYTES + Utf8Order.length(worker.value());
    }
    return bytes;
  }

  /** Begins a lineage, with a new token, because the store may have lost commits (section 8). */
  record BeginLineage(Lineage lineage) implements LeaderCommand<Result.Answer> {
    static final Shape<BeginLineage> SHAPE = Shape.derived("begin_lineage", BeginLineage.class);
  }

  /** Admits offered chunks: the first part of a scheduling cycle. */
  record Admit() implements LeaderCommand<Result.Admitted> {
    static final Shape<Admit> SHAPE = Shape.derived("admit", Admit.class);
  }

  /** Runs a scheduling cycle (section 3) with the advice of other packages for its plan. */
  record Schedule(
      @Declare(or = "NONE") PlanningAdvice advice, @Declare(orEmpty = true) List<WorkerId> waiting)
      implements LeaderCommand<Result.Scheduled> {
    static final Shape<Schedule> SHAPE =
        Shape.derived(
            "schedule",
            Schedule.class,
            row -> {
              row.<PlanningAdvice>value("advice")
                  .atMost(
                      Command.Bounds.ADVICE_BYTES,
                      "bytes",
                      advice -> CanonicalSize.of(PlanningAdvice.SHAPE, advice));
              bound(row.value("waiting"));
            });

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Schedule {
      waiting = Oversized.copyOf(waiting, "waiting");
    }

    /** Creates a cycle during which no report waits. */
    public Schedule(PlanningAdvice advice) {
      this(advice, List.of());
    }

    /** Creates a cycle without advice, during which no report waits. */
    public Schedule() {
      this(PlanningAdvice.NONE);
    }

    /** Returns this cycle with another advice. */
    public Schedule withAdvice(PlanningAdvice replacement) {
      return new Schedule(replacement, waiting);
    }

    @Override
    public Schedule withWaiting(List<WorkerId> workers) {
      return new Schedule(advice, workers);
    }

    @Override
    public boolean isCycle() {
      return true;
    }
  }

  /** Keeps an annex with the state, in commit order; replaces the annex of this kind. */
  record Keep(Annex annex) implements LeaderCommand<Result.Answer> {
    static final Shape<Keep> SHAPE = Shape.derived("keep", Keep.class);
  }

  /**
   * Runs a visibility cycle (section 4). Its windows begin at the larger of its tick and {@code
   * commitTick}, the host's tick inside the transaction, 0 without one.
   */
  record Publish(
      @Declare(orElse = 0) long commitTick, @Declare(orEmpty = true) List<WorkerId> waiting)
      implements LeaderCommand<Result.Published> {
    static final Shape<Publish> SHAPE =
        Shape.derived("publish", Publish.class, row -> bound(row.value("waiting")));

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Publish {
      waiting = Oversized.copyOf(waiting, "waiting");
    }

    /** Creates a cycle during which no report waits. */
    public Publish(long commitTick) {
      this(commitTick, List.of());
    }

    /** Returns a cycle whose windows begin at its own tick. */
    public static Publish now() {
      return new Publish(0);
    }

    @Override
    public Publish notAfter(long tick) {
      return commitTick > tick ? new Publish(tick, waiting) : this;
    }

    @Override
    public Publish withWaiting(List<WorkerId> workers) {
      return new Publish(commitTick, workers);
    }

    @Override
    public boolean isCycle() {
      return true;
    }
  }

  /**
   * Sets aside a command of the log that no leader can decide (section 8). A worker that sent a
   * report owes an inventory, and a registration counts.
   *
   * @param about the number of the kind of the command; 0 if unknown
   * @param lastReport the number up to which reports of the worker are old
   */
  record SetAside(
      int about,
      @Declare(subject = true) Optional<WorkerId> worker,
      long lastReport,
      Optional<String> diskId,
      Hash256 digest,
      String reason)
      implements LeaderCommand<Result.Answer> {
    static final Shape<SetAside> SHAPE = Shape.derived("set_aside", SetAside.class);

    /** Returns this command without the disk; only the worker's owed inventory stays. */
    public SetAside withoutDisk() {
      return new SetAside(about, worker, lastReport, Optional.empty(), digest, reason);
    }
  }

  /** Runs retention (section 7). */
  record Purge() implements LeaderCommand<Result.Purged> {
    static final Shape<Purge> SHAPE = Shape.derived("purge", Purge.class);
  }
}
