package dev.stowage.sim.kit.walk;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.world.Chance;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Draws the line in which a deed happens, where it can happen. Not thread-safe. */
final class Draft {
  private static final List<String> PORTALS = List.of("p", "q", "r");

  private final Chance chance;
  private final SwapDraft chunks;
  private final boolean isCompared;
  private final boolean isFaultless;
  private final boolean isClockTrusted;
  private final Limits limits;
  private final LimitDraft bounds;
  private int joined;

  /** Draws for a fleet that begins so; {@code isCompared}: with another world, or the model. */
  Draft(Chance chance, Opening opening, boolean isCompared) {
    this.chance = chance;
    this.chunks = new SwapDraft(chance, opening);
    this.isCompared = isCompared;
    // A pass that a fault repeats is not the same as one: the two worlds would go apart.
    this.isFaultless = isCompared && opening.isScored();
    this.isClockTrusted = opening.isClockTrusted();
    this.limits = opening.limits();
    this.bounds = new LimitDraft(chance, limits);
    this.joined = opening.workers().size();
  }

  /** Whether the store never fails. */
  boolean isFaultless() {
    return isFaultless;
  }

  /** A line; empty where the deed makes no sense now. */
  Optional<String> line(Deed deed, Story story) {
    Sight sight = new Sight(story.books());
    return switch (deed) {
      case INGEST, OFFER, OVERLAP, DUPLICATE, FILL, BURST, REMOVE -> chunks.chunk(deed, sight);
      case SWAP_ONE,
          SWAP_SPLIT,
          SWAP_MERGE,
          SWAP_REGROUP,
          SWAP_CHAIN,
          SWAP_FOREIGN,
          SWAP_WRONG_RANGE,
          SWAP_DUPLICATE,
          CANCEL ->
          chunks.swap(deed, sight);
      case TICK -> Optional.of("tick 1");
      case JUMP -> Optional.of("tick " + (5 + chance.below(20)));
      case SCHEDULE -> Optional.of("schedule");
      case PUBLISH -> Optional.of("publish");
      case FETCH_ALL -> Optional.of("fetch all");
      case PORTAL -> Optional.of("portal " + pick(PORTALS));
      case WEAK -> Optional.of(WalkCase.SETTLE);
      case STRONG ->
          Packing.fits(sight.books(), Set.of()) ? Optional.of(WalkCase.SETTLE) : Optional.empty();
      case FLOOR_UP, FLOOR_DOWN, WINDOW, POLICY, FREEZE, PIN, BAN -> operator(deed, sight);
      case CAP, DOMAIN_LIMIT, COUNT, ZONE -> bounds.line(deed, sight);
      case PURGE -> Optional.of("purge");
      case CRASH -> Optional.of("crash");
      case TAKEOVER -> Optional.of("takeover");
      case OLD -> Optional.of(chance.happens(50) ? "old schedule" : "old publish");
      case HOST -> Optional.of("host " + pick(List.of("exception", "error", "refusal")));
      case FAULT -> isFaultless ? Optional.empty() : Optional.of("fault " + fault());
      case FAILOVER -> Optional.of(chance.happens(60) ? "checkpoint" : "restore");
      case CLOCK -> isClockTrusted ? Optional.of(clock()) : Optional.empty();
      case CONFIRM ->
          named("confirm-departures ", sight.workers(status -> status == WorkerStatus.SUSPECT));
      default -> worker(deed, sight, story);
    };
  }

  /** Two exchanges of which the second takes what the first gives; empty where there is nothing. */
  List<String> chain(Story story) {
    return chunks.chain(new Sight(story.books()));
  }

  /** Wrong by less than a step or by more, ahead or behind; or right, or set. */
  private String clock() {
    return switch (chance.below(5)) {
      case 0, 1 -> "clock ahead " + (1 + chance.below(chance.happens(50) ? 30 : 2_000));
      case 2 -> "clock behind " + (1 + chance.below(30));
      case 3 -> "clock right";
      default -> "reset-time";
    };
  }

  private String fault() {
    return pick(List.of("midway", "before", "unknown_before", "unknown_after", "unanswered"));
  }

  // ---- the operator ----

  private Optional<String> operator(Deed deed, Sight sight) {
    LifecycleSnapshot books = sight.books();
    int floor = books.config().minReplication();
    return switch (deed) {
      case FLOOR_UP -> Optional.of("set floor=" + Math.min(4, floor + 1));
      case FLOOR_DOWN -> Optional.of("set floor=" + Math.max(1, floor - 1));
      case WINDOW -> Optional.of("set drain_window=" + chance.below(8));
      case POLICY -> Optional.of("set " + policy());
      case FREEZE -> Optional.of(chance.happens(40) ? "freeze" : "unfreeze");
      default -> wish(deed, sight);
    };
  }

  private String policy() {
    return "weight_policy={d: [{from: -20, weight: 3, floor: " + (1 + chance.below(2)) + "}]}";
  }

  private Optional<String> wish(Deed deed, Sight sight) {
    Optional<ChunkKey> chunk = pickFrom(sight.live(chunks.dataset()));
    Optional<WorkerId> worker = pickFrom(sight.present());
    if (chunk.isEmpty() || worker.isEmpty()) {
      return Optional.empty();
    }
    String word = deed == Deed.PIN ? "pin " : "ban ";
    return Optional.of(
        (chance.happens(50) ? word : "un" + word) + chunk.get() + "@" + worker.get());
  }

  // ---- workers ----

  private Optional<String> worker(Deed deed, Sight sight, Story story) {
    return switch (deed) {
      case FETCH -> named("fetch ", sight.present());
      case MISS -> miss(sight);
      case JOIN ->
          sight.books().workerCount() < 12
              ? Optional.of(Opening.worker("w" + ++joined, chance, limits))
              : Optional.empty();
      case LEAVE -> leave(sight);
      case LEAVE_BOLDLY -> named("leave ", sight.present());
      case RETURN -> back(sight, " disk=kept");
      case RETURN_EMPTY -> back(sight, " disk=empty");
      case UPGRADE ->
          named("version ", sight.present())
              .map(line -> line + " 1." + (1 + chance.below(3)) + ".0");
      case CORDON -> named("cordon ", sight.workers(status -> status == WorkerStatus.ACTIVE));
      case UNCORDON ->
          named(
              "uncordon ",
              sight.workers(
                  status -> status == WorkerStatus.CORDONED || status == WorkerStatus.LEAVING));
      case DRAIN -> drain(sight);
      case CAPACITY ->
          named("capacity ", sight.present())
              .map(line -> line + " " + (5 + chance.below(10)) + "MiB");
      case SUSPECT -> named("suspect ", sight.workers(status -> status == WorkerStatus.ACTIVE));
      case LOST -> lost(sight);
      case AGAIN -> named("again ", sight.present());
      // The model has no plan that was made before what is set aside, and carried out after it.
      case SPOIL -> isCompared ? Optional.empty() : named("spoil ", sight.present());
      case PARTS -> named("inventory ", sight.present()).map(line -> line + parts());
      case OVERSIZED ->
          named(
              "oversized " + pick(List.of("inventory", "lost", "applied", "disk")) + " ",
              sight.present());
      case DELIVER ->
          named(
              "deliver ",
              story.workers().stream().filter(id -> story.reportsOnTheWay(id) > 0).toList());
      default -> throw new IllegalStateException("nothing is drawn for " + deed);
    };
  }

  private Optional<String> miss(Sight sight) {
    return pickFrom(sight.live(chunks.dataset()))
        .flatMap(chunk -> named("fetch ", sight.present()).map(line -> line + " except " + chunk));
  }

  private Optional<String> leave(Sight sight) {
    return pickFrom(sight.workers(status -> status == WorkerStatus.ACTIVE))
        .filter(id -> sight.canSpare(id) && Packing.fits(sight.books(), Set.of(id)))
        .map(id -> "leave " + id);
  }

  private Optional<String> drain(Sight sight) {
    return pickFrom(sight.workers(status -> status == WorkerStatus.ACTIVE))
        .filter(id -> Packing.fits(sight.books(), Set.of(id)))
        .map(id -> "drain " + id);
  }

  /** Mostly somebody who had departed; sometimes one whose process merely began anew. */
  private Optional<String> back(Sight sight, String disk) {
    List<WorkerId> gone = sight.workers(status -> status == WorkerStatus.DEPARTED);
    boolean isRestart = gone.isEmpty() && chance.happens(30);
    return named("return ", isRestart ? sight.present() : gone).map(line -> line + disk);
  }

  private Optional<String> lost(Sight sight) {
    LifecycleSnapshot books = sight.books();
    return pickFrom(sight.live(chunks.dataset()))
        .flatMap(chunk ->
            pickFrom(
                    sight.present().stream()
                        .filter(id ->
                            books.findReplica(books.chunkPosition(chunk), books.workerPosition(id))
                                >= 0)
                        .toList())
                .map(id -> "lost " + id + " " + chunk));
  }

  /** Mostly one part of few, so that they come out of order, twice, and not at all. */
  private String parts() {
    int of = 1 + chance.below(3);
    if (chance.happens(20)) {
      return " parts " + of;
    }
    String part = " part " + (1 + chance.below(of)) + " of " + of;
    return chance.happens(20) ? part + " anew" : part;
  }

  private Optional<String> named(String word, List<WorkerId> from) {
    return pickFrom(from).map(id -> word + id);
  }

  private <T> Optional<T> pickFrom(List<T> from) {
    return from.isEmpty() ? Optional.empty() : Optional.of(from.get(chance.below(from.size())));
  }

  private String pick(List<String> from) {
    return from.get(chance.below(from.size()));
  }
}
