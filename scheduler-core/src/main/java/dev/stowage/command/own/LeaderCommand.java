package dev.stowage.command.own;

import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.columns.Oversized;
import dev.stowage.columns.Utf8Order;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.RecordShapes.Column;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import dev.stowage.shape.Values;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A command that the holder of the lease alone gives: the cycles, the annexes that they keep, and
 * what happens to the fleet itself. Immutable.
 */
public interface LeaderCommand<R extends Result> extends Command<R> {
  private static <C extends Command<?>> Column<C, List<WorkerId>> waitingField() {
    return row ->
        row.list("waiting", Command::waiting, Form.of(WorkerId.class))
                .atMost(Command.Bounds.WAITING_BYTES, "bytes", LeaderCommand::bytesOf)
                .orElse(List.of())
            ::of;
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
    static final Shape<BeginLineage> SHAPE =
        shape(
            "begin_lineage",
            value("lineage", BeginLineage::lineage, Form.of(Lineage.class)),
            BeginLineage::new);

    /** Throws {@code NullPointerException} if {@code lineage} is null. */
    public BeginLineage {
      Objects.requireNonNull(lineage, "lineage");
    }
  }

  /** Admits offered chunks: the first part of a scheduling cycle. */
  record Admit() implements LeaderCommand<Result.Admitted> {
    static final Shape<Admit> SHAPE = shape("admit", Admit::new);
  }

  /** Runs a scheduling cycle (section 3) with the advice of other packages for its plan. */
  record Schedule(PlanningAdvice advice, List<WorkerId> waiting)
      implements LeaderCommand<Result.Scheduled> {
    static final Shape<Schedule> SHAPE =
        shape("schedule", Schedule::adviceColumn, waitingField(), Schedule::new);

    /** Copies the list; throws {@code NullPointerException} for nulls. */
    public Schedule {
      Objects.requireNonNull(advice, "advice");
      waiting = Oversized.copyOf(waiting, "waiting");
    }

    private static Function<Values, PlanningAdvice> adviceColumn(Shape.Builder<Schedule> row) {
      return row.nested("advice", Schedule::advice, PlanningAdvice.SHAPE)
              .atMost(
                  Command.Bounds.ADVICE_BYTES,
                  "bytes",
                  advice -> CanonicalSize.of(PlanningAdvice.SHAPE, advice))
              .orElse(PlanningAdvice.NONE)
          ::of;
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
    static final Shape<Keep> SHAPE =
        shape("keep", nested("annex", Keep::annex, Shape.of(Annex.class)), Keep::new);

    /** Throws {@code NullPointerException} if {@code annex} is null. */
    public Keep {
      Objects.requireNonNull(annex, "annex");
    }
  }

  /**
   * Runs a visibility cycle (section 4). Its windows begin at the larger of its tick and {@code
   * commitTick}, the host's tick inside the transaction, 0 without one.
   */
  record Publish(long commitTick, List<WorkerId> waiting)
      implements LeaderCommand<Result.Published> {
    static final Shape<Publish> SHAPE =
        shape(
            "publish",
            row -> row.number("commit_tick", Publish::commitTick).orElse(0)::of,
            waitingField(),
            Publish::new);

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
      Optional<WorkerId> worker,
      long lastReport,
      Optional<String> diskId,
      Hash256 digest,
      String reason)
      implements LeaderCommand<Result.Answer> {
    private static final Shape.Builder<SetAside> FIELDS = Shape.named("set_aside");
    private static final NumberField<SetAside> ABOUT =
        FIELDS.number("about", SetAside::about).narrow();
    private static final ValueField<SetAside, Optional<WorkerId>> WORKER =
        FIELDS.value("worker", SetAside::worker, Forms.optional(Form.of(WorkerId.class))).subject();
    private static final NumberField<SetAside> LAST_REPORT =
        FIELDS.number("last_report", SetAside::lastReport);
    private static final ValueField<SetAside, Optional<String>> DISK_ID =
        FIELDS.value("disk_id", SetAside::diskId, Forms.optional(Forms.TEXT));
    private static final ValueField<SetAside, Hash256> DIGEST =
        FIELDS.value("digest", SetAside::digest, Form.of(Hash256.class));
    private static final ValueField<SetAside, String> REASON =
        FIELDS.text("reason", SetAside::reason);

    static final Shape<SetAside> SHAPE =
        FIELDS.make(v ->
            new SetAside(
                ABOUT.intOf(v),
                WORKER.of(v),
                LAST_REPORT.of(v),
                DISK_ID.of(v),
                DIGEST.of(v),
                REASON.of(v)));

    /** Throws {@code NullPointerException} for nulls. */
    public SetAside {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(diskId, "diskId");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(reason, "reason");
    }

    /** Returns this command without the disk; only the worker's owed inventory stays. */
    public SetAside withoutDisk() {
      return new SetAside(about, worker, lastReport, Optional.empty(), digest, reason);
    }
  }

  /** Runs retention (section 7). */
  record Purge() implements LeaderCommand<Result.Purged> {
    static final Shape<Purge> SHAPE = shape("purge", Purge::new);
  }
}
