package dev.stowage.command;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.Reason;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command. A rejected command changes nothing. {@code reasons} lists violations for
 * {@code INVALID} and {@code TOO_LARGE}, and is empty otherwise; {@code refused} is {@code
 * TIME_JUMP} for a refused cycle, whose {@code tick} is the largest one. {@code changed} includes
 * stamps. Chunks and replicas are in canonical order, workers by id. Immutable.
 */
public sealed interface Result {
  /** Returns the answer as one code; for a batch the first rejection, else the first acceptance. */
  ResultCode code();

  /** Reports whether the command, or every item of a batch, was accepted. */
  default boolean isAccepted() {
    return code().isAccepted();
  }

  /** Returns the answer to a refused cycle; empty for other commands. */
  default Optional<Answer> refused() {
    return Optional.empty();
  }

  /** Returns the reasons of a refusal, and of odd values, in words. */
  default List<String> reasons() {
    return refused().map(Answer::reasons).orElse(List.of());
  }

  /** The answer to other commands; {@code reasons} also names odd values of a pressure. */
  record Answer(ResultCode code, List<String> reasons) implements Result {
    /** Copies the list. */
    public Answer {
      reasons = List.copyOf(reasons);
    }

    /** Returns an answer without reasons. */
    public static Answer of(ResultCode code) {
      return new Answer(code, List.of());
    }
  }

  /** The answer to {@code configure}, pins, bans and freezes, with the resulting version. */
  record Versioned(ResultCode code, long version, List<String> reasons) implements Result {
    /** Copies the list. */
    public Versioned {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * The answer to {@code ingest} and {@code offer}: one item per chunk, in order, and the wait
   * before the sender should send more, in nanoseconds, 0 without a governor.
   */
  record Batch(List<Item> items, long retryAfterNanos) implements Result {
    /** Copies the list. */
    public Batch {
      items = List.copyOf(items);
    }

    /** Creates an answer without a wait. */
    public Batch(List<Item> items) {
      this(items, 0);
    }

    @Override
    public List<String> reasons() {
      return items.stream().flatMap(item -> item.reasons().stream()).toList();
    }

    @Override
    public ResultCode code() {
      for (Item item : items) {
        if (!item.code().isAccepted()) {
          return item.code();
        }
      }
      return items.isEmpty() ? ResultCode.ACCEPTED : items.get(0).code();
    }
  }

  /**
   * The answer to one chunk of a batch. The number is null unless accepted; the winner, the chunk
   * that holds the range, is null unless {@code OVERLAP}. {@code freeFrom} is the earliest tick at
   * which retention, as it is now, frees the key; null unless {@code ENDED}, or if it never does.
   */
  record Item(
      ChunkKey key,
      ResultCode code,
      @Nullable ChunkNumber number,
      @Nullable ChunkKey winner,
      List<String> reasons,
      @Nullable Tick freeFrom) {
    /** Copies the list. */
    public Item {
      reasons = List.copyOf(reasons);
    }

    /** Creates an answer about a key that is not over. */
    public Item(
        ChunkKey key,
        ResultCode code,
        @Nullable ChunkNumber number,
        @Nullable ChunkKey winner,
        List<String> reasons) {
      this(key, code, number, winner, reasons, null);
    }
  }

  /**
   * The answer to {@code swap}. If rejected, the id is 0, {@code reasons} is nonempty, and the
   * culprit is the chunk that caused it, if one did. {@code freeFrom} is the earliest tick at which
   * retention, as it is now, frees the culprit's key; null unless {@code ENDED}, or if it never
   * does.
   */
  record SwapRegistered(
      ResultCode code,
      long swapId,
      @Nullable ChunkKey culprit,
      List<String> reasons,
      @Nullable Tick freeFrom)
      implements Result {
    /** Copies the list. */
    public SwapRegistered {
      reasons = List.copyOf(reasons);
    }

    /** Creates an answer about keys that are not over. */
    public SwapRegistered(
        ResultCode code, long swapId, @Nullable ChunkKey culprit, List<String> reasons) {
      this(code, swapId, culprit, reasons, null);
    }
  }

  /** The answer to {@code cancel}, with the ids of all swaps that it cancelled, ascending. */
  record SwapCancelled(ResultCode code, List<Long> swapIds, List<String> reasons)
      implements Result {
    /** Copies the lists. */
    public SwapCancelled {
      swapIds = List.copyOf(swapIds);
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * The answer to {@code register}: an incarnation, 0 if rejected, and the current lineage. Reports
   * are accepted above {@code lastReport}, which is 0 for a new disk, and for a known one far above
   * all reports sent before. A wanted inventory must be sent before the worker deletes anything.
   */
  record Registered(
      ResultCode code,
      Incarnation incarnation,
      Lineage lineage,
      long lastReport,
      boolean inventoryWanted,
      List<String> reasons)
      implements Result {
    /** Copies the list. */
    public Registered {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * The answer to commands that are carried out together.
   *
   * @param code {@code ACCEPTED}, or the code of the first refused command, {@code PLAN_CHANGED} or
   *     {@code TIME_JUMP}, and nothing changed
   * @param planHash the hash of the plan found; empty if none was made
   * @param results the answers up to the first refused command, in order
   * @param reasons the refusal in words: the command refused, by its place, or both hashes and the
   *     first part that differs, its newest change, and what to do
   * @param cycle the cycle; empty unless it was carried out by the leader that was asked itself
   */
  record CarriedOut(
      ResultCode code,
      String planHash,
      List<Result> results,
      List<String> reasons,
      Optional<Scheduled> cycle)
      implements Result {
    /** Copies the lists. */
    public CarriedOut {
      results = List.copyOf(results);
      reasons = List.copyOf(reasons);
    }

    /** Creates an answer without a cycle. */
    public CarriedOut(
        ResultCode code, String planHash, List<Result> results, List<String> reasons) {
      this(code, planHash, results, reasons, Optional.empty());
    }
  }

  /** The answer to {@code admit}: the offered chunks that were admitted, and those that lost. */
  record Admitted(List<ChunkKey> admitted, List<ChunkKey> rejected, Optional<Answer> refused)
      implements Result {
    /** Copies the lists. */
    public Admitted {
      admitted = List.copyOf(admitted);
      rejected = List.copyOf(rejected);
    }

    /** Creates the answer of an admission that was not refused. */
    public Admitted(List<ChunkKey> admitted, List<ChunkKey> rejected) {
      this(admitted, rejected, Optional.empty());
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  private static ResultCode codeOf(Optional<Answer> refused) {
    return refused.map(Answer::code).orElse(ResultCode.ACCEPTED);
  }

  /**
   * The answer to {@code schedule}.
   *
   * @param minted the worker assignment that it minted, if any
   * @param deferred new chunks that the plan left out
   * @param shortfalls established chunks below their floor
   * @param stuck replicas that cannot leave their worker for a reason other than a budget
   * @param backpressure whether the fleet cannot hold the demanded replicas
   * @param heldDeletions deletions of settling held by the deletion rule or the lineage pause
   * @param struck actions of the plan that did not fit the state at commit or wait for the next
   *     cycle
   * @param unknownBytes workers whose inventory showed chunks that the store does not know
   * @param guarded workers silent for {@code departAfter} that the departure guard holds
   * @param more whether new chunks wait because of {@link LifecycleConfig#maxChunksPerCycle}; run
   *     the next cycle at once
   * @param unplaced the admitted chunks that were never placed, for whatever reason
   * @param held what placing waits for ({@link LifecycleConfig#holdUntil}), and nothing was
   *     planned; empty if it does not wait
   */
  record Scheduled(
      Tick tick,
      boolean changed,
      Optional<WorkerAssignmentId> minted,
      List<ChunkKey> admitted,
      List<ChunkKey> rejected,
      List<Shortage> deferred,
      List<Shortage> shortfalls,
      List<Stuck> stuck,
      boolean backpressure,
      int heldDeletions,
      int struck,
      Movement movement,
      List<WorkerId> unknownBytes,
      List<WorkerId> guarded,
      boolean more,
      long unplaced,
      BudgetInForce budget,
      Optional<HoldUntil.Wait> held,
      Optional<Answer> refused)
      implements Result {
    /** Copies the lists. */
    public Scheduled {
      admitted = List.copyOf(admitted);
      rejected = List.copyOf(rejected);
      deferred = List.copyOf(deferred);
      shortfalls = List.copyOf(shortfalls);
      stuck = List.copyOf(stuck);
      unknownBytes = List.copyOf(unknownBytes);
      guarded = List.copyOf(guarded);
    }

    /** Returns the band of pressure of the cycle. */
    public PressureBand pressure() {
      return budget.band();
    }

    /** Returns the answer to a refused cycle. */
    public static Scheduled refused(Tick largestTick, Answer why) {
      return new Scheduled(
          largestTick,
          false,
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          false,
          0,
          0,
          Movement.NONE,
          List.of(),
          List.of(),
          false,
          0,
          BudgetInForce.NONE,
          Optional.empty(),
          Optional.of(why));
    }

    /** Returns this answer with the chunks of an admission before it. */
    public Scheduled withAdmission(Admitted before) {
      return new Scheduled(
          tick,
          changed || !before.admitted().isEmpty() || !before.rejected().isEmpty(),
          minted,
          both(before.admitted(), admitted),
          both(before.rejected(), rejected),
          deferred,
          shortfalls,
          stuck,
          backpressure,
          heldDeletions,
          struck,
          movement,
          unknownBytes,
          guarded,
          more,
          unplaced,
          budget,
          held,
          refused);
    }

    private static List<ChunkKey> both(List<ChunkKey> one, List<ChunkKey> other) {
      return Stream.concat(one.stream(), other.stream()).toList();
    }

    /** Returns this answer of a cycle that did or did not change the fleet. */
    public Scheduled withChanged(boolean isChanged) {
      return new Scheduled(
          tick,
          isChanged,
          minted,
          admitted,
          rejected,
          deferred,
          shortfalls,
          stuck,
          backpressure,
          heldDeletions,
          struck,
          movement,
          unknownBytes,
          guarded,
          more,
          unplaced,
          budget,
          held,
          refused);
    }

    /** Returns the bytes of all stuck replicas; {@link Long#MAX_VALUE} on overflow. */
    public long stuckBytes() {
      return stuck.stream().mapToLong(Stuck::sizeBytes).reduce(0, SaturatedSum::of);
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  /**
   * A floor that lacks at least 1 replica, and the rule that refused it.
   *
   * @param isRaise whether the chunk has the floor from which it is raised, so that none is lost
   */
  record Shortage(ChunkKey chunk, int missing, String reason, boolean isRaise) {}

  /**
   * A replica that should leave its worker and cannot, with the number of active, eligible workers
   * without one and the most free bytes there, 0 without any.
   */
  record Stuck(
      ChunkKey chunk,
      WorkerId worker,
      long sizeBytes,
      Reason reason,
      int eligibleWorkers,
      long mostRoomBytes) {
    /** Returns the reason in words, with the numbers. */
    public String inWords() {
      return reason.inWordsOfStuck(eligibleWorkers, mostRoomBytes);
    }
  }

  /**
   * The answer to {@code publish}.
   *
   * @param minted the portal assignment that it minted, if any
   * @param fired the swaps that fired, in the order of firing
   * @param released replicas that went from superseded to draining
   * @param recalled replicas that were taken back from draining
   * @param unavailable visible chunks without a routed replica
   * @param heldBack chunks that the backstop kept hidden: a bug of Stowage, to be reported
   * @param guarded as in {@link Scheduled}
   * @param more whether chunks wait because of {@link LifecycleConfig#maxChunksPerCycle}; run the
   *     next cycle at once
   */
  record Published(
      Tick tick,
      boolean changed,
      Optional<PortalAssignmentId> minted,
      List<Long> fired,
      List<ChunkKey> promoted,
      List<ChunkKey> dropped,
      int released,
      int recalled,
      List<ChunkKey> unavailable,
      List<ChunkKey> heldBack,
      List<WorkerId> guarded,
      boolean more,
      Optional<Answer> refused)
      implements Result {
    /** Copies the lists. */
    public Published {
      fired = List.copyOf(fired);
      promoted = List.copyOf(promoted);
      dropped = List.copyOf(dropped);
      unavailable = List.copyOf(unavailable);
      heldBack = List.copyOf(heldBack);
      guarded = List.copyOf(guarded);
    }

    /** Returns the answer to a refused cycle. */
    public static Published refused(Tick largestTick, Answer why) {
      return new Published(
          largestTick,
          false,
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          0,
          0,
          List.of(),
          List.of(),
          List.of(),
          false,
          Optional.of(why));
    }

    /** Returns this answer of a cycle that did or did not change the fleet. */
    public Published withChanged(boolean isChanged) {
      return new Published(
          tick,
          isChanged,
          minted,
          fired,
          promoted,
          dropped,
          released,
          recalled,
          unavailable,
          heldBack,
          guarded,
          more,
          refused);
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  /** The answer to {@code purge}, with the numbers of purged rows. */
  record Purged(
      Tick tick, boolean changed, int chunks, int swaps, int workers, Optional<Answer> refused)
      implements Result {
    /** Returns the answer to a refused retention. */
    public static Purged refused(Tick largestTick, Answer why) {
      return new Purged(largestTick, false, 0, 0, 0, Optional.of(why));
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  /**
   * The changes that a scheduling cycle made to replicas, as counts, and added bytes by cause.
   *
   * @param added pairs that became assigned and must be downloaded
   * @param readopted superseded or draining replicas that became assigned again
   * @param preempted replicas deleted to make room for a starved floor
   * @param lastResort the preempted replicas that a portal might still have asked for
   * @param settled replicas deleted because no portal may ask for them any more
   */
  public record Movement(
      int added,
      int readopted,
      int superseded,
      int preempted,
      int lastResort,
      int settled,
      SortedMap<String, Long> bytesAddedByCause) {
    /** No changes. */
    public static final Movement NONE =
        new Movement(0, 0, 0, 0, 0, 0, Collections.emptySortedMap());

    /** Copies the map; throws {@code NullPointerException} if it is null. */
    public Movement {
      bytesAddedByCause =
          Collections.unmodifiableSortedMap(
              new TreeMap<>(Objects.requireNonNull(bytesAddedByCause, "bytesAddedByCause")));
    }

    /** Returns the bytes of all added replicas, saturated. */
    public long bytesAdded() {
      return bytesAddedByCause.values().stream().reduce(0L, SaturatedSum::of);
    }
  }

  /**
   * The bytes that one plan may copy for growth and moves, and the bytes held back by each cause;
   * {@link Long#MAX_VALUE} is unlimited or all. Floors and new chunks never wait for this budget.
   *
   * <p>The band leaves the share {@link LifecycleConfig.Feedback#millionths} of {@link
   * MovementBudget#bytes}. Bytes in flight beyond {@link
   * LifecycleConfig.Feedback#maxInFlightBytes}, then bytes of failed transfers are subtracted, down
   * to 0. An unlimited budget leaves that bound minus the bytes in flight, and stays unlimited
   * without the bound. Replicas on workers that do not count or have no room for them are not in
   * flight.
   *
   * <p>A plan about some of the new chunks leaves nothing: the next one follows at once, and would
   * take growth back to make room for the others.
   */
  public record BudgetInForce(
      PressureBand band,
      long bytes,
      long heldByPressure,
      long heldInFlight,
      long heldByFailures,
      long heldForNewChunks) {
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** The fields of a budget in force. */
    static final Shape<BudgetInForce> SHAPE = Shape.derived("budget_in_force", BudgetInForce.class);

    /** Names what holds back bytes of the movement budget. */
    public enum Holder {
      /** {@link BudgetInForce#heldByPressure}. */
      PRESSURE(BudgetInForce::heldByPressure),
      /** {@link BudgetInForce#heldInFlight}. */
      IN_FLIGHT(BudgetInForce::heldInFlight),
      /** {@link BudgetInForce#heldByFailures}. */
      FAILURES(BudgetInForce::heldByFailures),
      /** {@link BudgetInForce#heldForNewChunks}. */
      NEW_CHUNKS(BudgetInForce::heldForNewChunks);

      @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
      private final ToLongFunction<BudgetInForce> bytes;

      Holder(ToLongFunction<BudgetInForce> bytes) {
        this.bytes = bytes;
      }
    }

    /** The figures of the last cycle's budget. */
    static final List<Figure<BudgetInForce>> FIGURES =
        List.of(
            Figure.of(
                "budget.bytes",
                Unit.BYTES,
                "bytes that the last cycle left for growth and moves; infinite without a bound",
                budget -> unbounded(budget.bytes)),
            Figure.each(
                "budget.held.bytes",
                Unit.BYTES,
                "bytes of the movement budget held back",
                "cause",
                Holder.class,
                (budget, holder) -> unbounded(holder.bytes.applyAsLong(budget))),
            Figure.of(
                "pressure.band",
                Unit.NONE,
                "band of the last cycle: 0 normal, 1 elevated, 2 high, 3 critical",
                budget -> budget.band.ordinal()));

    private static double unbounded(long bytes) {
      return bytes == UNLIMITED ? Double.POSITIVE_INFINITY : bytes;
    }

    /** The budget of a refused cycle: nothing may be copied, and nothing is held back. */
    public static final BudgetInForce NONE = new BudgetInForce(PressureBand.NORMAL, 0, 0, 0, 0, 0);

    /**
     * Returns the budget in force; {@code inFlightBytes} and {@code failedBytes} are at least 0.
     *
     * @param isOfPart whether the plan leaves out new chunks because of {@link
     *     LifecycleConfig#maxChunksPerCycle}
     */
    public static BudgetInForce of(
        LifecycleConfig config,
        PressureBand band,
        long inFlightBytes,
        long failedBytes,
        boolean isOfPart) {
      LifecycleConfig.Feedback feedback = config.feedback();
      long configured = config.placement().budget().bytes();
      long most = feedback.maxInFlightBytes();
      long share = config.placement().budget().share(feedback.millionths(band)).bytes();
      boolean isOpen = share == UNLIMITED && most != LifecycleConfig.NEVER;
      long afterFlight =
          isOpen
              ? Math.max(0, most - inFlightBytes)
              : minus(share, Math.max(0, inFlightBytes - most));
      long left = minus(afterFlight, failedBytes);
      return new BudgetInForce(
          band,
          isOfPart ? 0 : left,
          held(configured, share),
          isOpen ? Math.min(inFlightBytes, most) : share - afterFlight,
          held(afterFlight, left),
          isOfPart ? left : 0);
    }

    private static long minus(long bytes, long less) {
      return bytes == UNLIMITED ? bytes : Math.max(0, bytes - less);
    }

    private static long held(long before, long after) {
      return before == UNLIMITED && after > 0 ? 0 : before - after;
    }

    /** Returns one line for each cause that holds back bytes. */
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      add(lines, heldByPressure, "pressure is " + band);
      add(lines, heldInFlight, "copies in flight are not confirmed yet");
      add(lines, heldByFailures, "transfers failed and wait");
      add(lines, heldForNewChunks, "new chunks wait for the next cycle");
      return lines;
    }

    private void add(List<String> lines, long held, String why) {
      if (held > 0) {
        String amount = held == UNLIMITED ? "all" : Unit.BYTES.print(held);
        String left = bytes == UNLIMITED ? "no bound" : Unit.BYTES.print(bytes);
        lines.add(
            "the movement budget holds back "
                + amount
                + ", because "
                + why
                + "; it leaves "
                + left);
      }
    }

    /** Returns the sum of the bytes held back, {@link Long#MAX_VALUE} on overflow. */
    public long heldBytes() {
      return SaturatedSum.of(
          SaturatedSum.of(heldByPressure, heldInFlight),
          SaturatedSum.of(heldByFailures, heldForNewChunks));
    }
  }
}
