package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.pressure.PressureBand;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The typed answer to a command. Immutable. A rejected command changes nothing. */
public sealed interface Result {
  /** The answer in one word; for a batch the first rejection, else the first acceptance. */
  ResultCode code();

  /** Whether it was accepted (a batch: every item). */
  default boolean isAccepted() {
    return code().isAccepted();
  }

  /**
   * To commands that answer with a word: removals, reports, descriptions, statuses, lineages.
   *
   * @param code the word
   * @param reasons what is wrong, for {@code INVALID} and {@code TOO_LARGE}; what counts otherwise
   *     than it was said, for an accepted pressure; else empty
   */
  record Answer(ResultCode code, List<String> reasons) implements Result {
    /** Copies the list. */
    public Answer {
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
    }

    /** An answer that needs no reason. */
    public static Answer of(ResultCode code) {
      return new Answer(code, List.of());
    }
  }

  /**
   * To {@code configure}, pins, bans and freezes.
   *
   * @param code {@code ACCEPTED}, or why not
   * @param version the version after the command; the present one if it was rejected
   * @param reasons every violated bound, for {@code INVALID} and {@code TOO_LARGE}; else empty
   */
  record Versioned(ResultCode code, long version, List<String> reasons) implements Result {
    /** Copies the list. */
    public Versioned {
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * To {@code ingest} and {@code offer}.
   *
   * @param items one per chunk, in order
   * @param retryAfterNanos how long the sender should wait before it sends more, in nanoseconds; 0
   *     unless {@code Stowage.Builder.governor} asks for it
   */
  record Batch(List<Item> items, long retryAfterNanos) implements Result {
    /** Copies the list. */
    public Batch {
      items = List.copyOf(items);
    }

    /** An answer that asks nobody to wait. */
    public Batch(List<Item> items) {
      this(items, 0);
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
   * To one chunk of a batch.
   *
   * @param key the chunk
   * @param code {@code ACCEPTED}, {@code OFFERED}, or why not
   * @param number the number it was given; null unless accepted
   * @param winner the chunk that holds the range; null unless {@code OVERLAP}
   * @param reasons every bound that is violated, for {@code INVALID} and {@code TOO_LARGE}; else
   *     empty
   */
  record Item(
      ChunkKey key,
      ResultCode code,
      @Nullable ChunkNumber number,
      @Nullable ChunkKey winner,
      List<String> reasons) {
    /** Copies the list. */
    public Item {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * To {@code swap}.
   *
   * @param code {@code ACCEPTED}, or why not
   * @param swapId its id; 0 if it was rejected
   * @param culprit the chunk that the rejection is about; null where there is none
   * @param reasons what is wrong, in words; empty if it was accepted
   */
  record SwapRegistered(
      ResultCode code, long swapId, @Nullable ChunkKey culprit, List<String> reasons)
      implements Result {
    /** Copies the list. */
    public SwapRegistered {
      Objects.requireNonNull(code, "code");
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * To {@code cancel}.
   *
   * @param code {@code CANCELLED} (again, if repeated), {@code ALREADY_FIRED}, {@code UNKNOWN_SWAP}
   * @param swapIds the swaps that this command cancelled, ascending: the named one and those that
   *     rested on it
   */
  record SwapCancelled(ResultCode code, List<Long> swapIds) implements Result {
    /** Copies the list. */
    public SwapCancelled {
      Objects.requireNonNull(code, "code");
      swapIds = List.copyOf(swapIds);
    }
  }

  /**
   * To {@code register}.
   *
   * @param code {@code ACCEPTED}, or why not
   * @param incarnation the life of its disk; 0 if it was rejected
   * @param lineage the present lineage, to be named in reports
   * @param lastReport reports of this incarnation are accepted above this number: 0 for a new life;
   *     of a known disk it is far above what was reported before, so that nothing that was sent
   *     before the registration is accepted behind it
   * @param inventoryWanted whether it must send its inventory before it deletes anything
   * @param reasons what is wrong, for {@code INVALID} and {@code TOO_LARGE}; else empty
   */
  record Registered(
      ResultCode code,
      Incarnation incarnation,
      Lineage lineage,
      long lastReport,
      boolean inventoryWanted,
      List<String> reasons)
      implements Result {
    /** Refuses nulls, and copies the list. */
    public Registered {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(incarnation, "incarnation");
      Objects.requireNonNull(lineage, "lineage");
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * To the first part of a scheduling cycle, for a host that plans apart.
   *
   * @param admitted offered chunks that were admitted, in canonical order
   * @param rejected offered chunks that lost, in canonical order
   * @param refused why nothing was done, {@code TIME_JUMP}; empty if it was
   */
  record Admitted(List<ChunkKey> admitted, List<ChunkKey> rejected, Optional<Answer> refused)
      implements Result {
    /** Copies the lists. */
    public Admitted {
      admitted = List.copyOf(admitted);
      rejected = List.copyOf(rejected);
      Objects.requireNonNull(refused, "refused");
    }

    /** What was done. */
    public Admitted(List<ChunkKey> admitted, List<ChunkKey> rejected) {
      this(admitted, rejected, Optional.empty());
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  /** Of a cycle, which is refused for one reason or done. */
  private static ResultCode codeOf(Optional<Answer> refused) {
    return refused.map(Answer::code).orElse(ResultCode.ACCEPTED);
  }

  /**
   * To {@code schedule}.
   *
   * @param tick the tick it worked with; the largest one where it was refused
   * @param changed whether the state changed (stamps included)
   * @param minted the worker assignment it minted, if it did
   * @param admitted offered chunks that were admitted, in canonical order
   * @param rejected offered chunks that lost, in canonical order
   * @param deferred new chunks that the plan left out
   * @param shortfalls established chunks below their floor
   * @param stuck replicas that should leave their worker and cannot, although no budget holds them
   *     back, in canonical order
   * @param backpressure whether the fleet cannot hold what was asked of it
   * @param heldDeletions replicas that settling would delete and the deletion rule or the lineage
   *     pause holds
   * @param struck actions of the plan that no longer fitted the state at commit, or that wait for
   *     the next cycle
   * @param movement what the plan did
   * @param unknownBytes workers whose inventory showed chunks that the store does not know
   * @param guarded workers that have been silent for {@code departAfter} and did not depart,
   *     because too many would have at once, by id
   * @param more whether new chunks wait for the next cycle, because this one placed {@link
   *     LifecycleConfig#maxChunksPerCycle}
   * @param budget the movement budget that its plan had, and what held back how much of it
   * @param refused why nothing was done, {@code TIME_JUMP}; empty if it was
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
      BudgetInForce budget,
      Optional<Answer> refused)
      implements Result {
    /** Copies the lists. */
    public Scheduled {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(minted, "minted");
      admitted = List.copyOf(admitted);
      rejected = List.copyOf(rejected);
      deferred = List.copyOf(deferred);
      shortfalls = List.copyOf(shortfalls);
      stuck = List.copyOf(stuck);
      Objects.requireNonNull(movement, "movement");
      unknownBytes = List.copyOf(unknownBytes);
      guarded = List.copyOf(guarded);
      Objects.requireNonNull(budget, "budget");
      Objects.requireNonNull(refused, "refused");
    }

    /** Returns the band of pressure that the cycle worked with. */
    public PressureBand pressure() {
      return budget.band();
    }

    /** A cycle that was refused. */
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
          BudgetInForce.NONE,
          Optional.of(why));
    }

    /** This cycle with what an admission before it admitted and rejected. */
    public Scheduled withAdmission(Admitted before) {
      return new Scheduled(
          tick,
          changed || !before.admitted().isEmpty() || !before.rejected().isEmpty(),
          minted,
          before.admitted(),
          before.rejected(),
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
          budget,
          refused);
    }

    Scheduled withChanged(boolean isChanged) {
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
          budget,
          refused);
    }

    /** The bytes of all stuck replicas; the largest long where that cannot hold the sum. */
    public long stuckBytes() {
      return stuck.stream().mapToLong(Stuck::sizeBytes).reduce(0, SaturatedSum::of);
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }

  /**
   * A floor that stays incomplete.
   *
   * @param chunk the chunk
   * @param missing replicas missing of its floor, at least 1
   * @param reason the rule that refused, and its numbers
   */
  record Shortage(ChunkKey chunk, int missing, String reason) {
    /** Refuses nulls. */
    public Shortage {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * A replica that should leave its worker and cannot, although no budget holds it back ({@link
   * PlacementPlan.Stuck}).
   *
   * @param chunk the chunk
   * @param worker the worker that it should leave
   * @param sizeBytes the size of the chunk
   * @param reason the first that holds
   * @param eligibleWorkers active workers that may be given it and have no replica of it
   * @param mostRoomBytes the greatest free bytes on one of these after the plan, 0 if there is none
   */
  record Stuck(
      ChunkKey chunk,
      WorkerId worker,
      long sizeBytes,
      PlacementPlan.Stuck.Hindrance reason,
      int eligibleWorkers,
      long mostRoomBytes) {
    /** Refuses nulls. */
    public Stuck {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(reason, "reason");
    }

    /** Why, in words, with the numbers. */
    public String inWords() {
      return reason.inWords(eligibleWorkers, mostRoomBytes);
    }
  }

  /**
   * To {@code publish}.
   *
   * @param tick the tick it worked with; the largest one where it was refused
   * @param changed whether the state changed (stamps included)
   * @param minted the portal assignment it minted, if it did
   * @param fired the swaps that fired, in the order of firing
   * @param promoted chunks that portals see from now on, in canonical order
   * @param dropped chunks that they no longer see, in canonical order
   * @param released replicas that went from superseded to draining
   * @param recalled replicas that were taken back from draining
   * @param unavailable visible chunks without a routed replica, in canonical order
   * @param heldBack chunks that the backstop kept hidden: a bug of ours, to be reported
   * @param guarded as in {@link Scheduled}
   * @param more whether chunks wait for the next cycle, because this one showed {@link
   *     LifecycleConfig#maxChunksPerCycle}
   * @param refused why nothing was done, {@code TIME_JUMP}; empty if it was
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
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(minted, "minted");
      fired = List.copyOf(fired);
      promoted = List.copyOf(promoted);
      dropped = List.copyOf(dropped);
      unavailable = List.copyOf(unavailable);
      heldBack = List.copyOf(heldBack);
      guarded = List.copyOf(guarded);
      Objects.requireNonNull(refused, "refused");
    }

    /** A cycle that was refused. */
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

    Published withChanged(boolean isChanged) {
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

  /**
   * To {@code purge}.
   *
   * @param tick the tick it worked with; the largest one where it was refused
   * @param changed whether any row went
   * @param chunks tombstones and rejected chunks purged
   * @param swaps fired and cancelled swaps purged
   * @param workers departed workers purged
   * @param refused why nothing was done, {@code TIME_JUMP}; empty if it was
   */
  record Purged(
      Tick tick, boolean changed, int chunks, int swaps, int workers, Optional<Answer> refused)
      implements Result {
    /** Refuses null. */
    public Purged {
      Objects.requireNonNull(tick, "tick");
      Objects.requireNonNull(refused, "refused");
    }

    /** Retention that was refused. */
    public static Purged refused(Tick largestTick, Answer why) {
      return new Purged(largestTick, false, 0, 0, 0, Optional.of(why));
    }

    @Override
    public ResultCode code() {
      return codeOf(refused);
    }
  }
}
