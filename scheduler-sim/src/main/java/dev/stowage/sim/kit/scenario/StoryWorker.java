package dev.stowage.sim.kit.scenario;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A worker with a real disk. It obeys its slice (lifecycle design, section 2): deletes what is not
 * named, downloads what fits beside what it still holds, reports. Not thread-safe.
 */
final class StoryWorker {
  private final Function<Command<?>, Result> fleet;
  private final Map<ChunkNumber, SliceEntry> disk = new LinkedHashMap<>();
  private final Set<ChunkNumber> vanished = new HashSet<>();

  /** After how many visibility cycles it gave up bytes as a last resort, at the latest. */
  private final Map<ChunkNumber, Long> givenUp = new HashMap<>();

  private final Set<ChunkNumber> held = new HashSet<>();
  private Worker description;
  private String diskId;
  private @Nullable Incarnation incarnation;
  private @Nullable Lineage lineage;
  private long lastReport;
  private long inventoryReport;

  /** The inventory in parts that it is in the middle of; null if it is not. */
  private @Nullable Sending sending;

  private final ArrayDeque<Command<?>> onTheWay = new ArrayDeque<>();
  private @Nullable WorkerSlice sent;
  private @Nullable WorkerSlice orders;
  private long lastApplied;
  private @Nullable Command<?> newest;
  private long publishesBefore = Long.MIN_VALUE;
  private long deletions;

  /** Something that it says is set aside: whether an inventory of it is wanted it asks. */
  private boolean isAsking;

  /** A worker that has not registered yet; {@code fleet} answers what it says. */
  StoryWorker(Worker description, String diskId, Function<Command<?>, Result> fleet) {
    this.description = description;
    this.diskId = diskId;
    this.fleet = fleet;
  }

  WorkerId id() {
    return description.id();
  }

  Worker description() {
    return description;
  }

  /** The host describes it anew. */
  StepOutcome describe(Worker other) {
    StepOutcome outcome = StepOutcome.of(fleet.apply(Command.Describe.of(other)));
    if (outcome.isDone()) {
      description = other;
    }
    return outcome;
  }

  /** What it says next is going to be set aside: it finds out that it owes an inventory. */
  void asksAgain() {
    isAsking = true;
  }

  boolean holds(ChunkNumber number) {
    return disk.containsKey(number);
  }

  /** How often bytes went from its disk, for whatever reason. */
  long deletions() {
    return deletions;
  }

  /** What lies on its disk. */
  Collection<SliceEntry> bytes() {
    return disk.values();
  }

  /** Bytes that went by nobody's decision, and whose loss portals may not have heard of. */
  boolean mayMiss(ChunkNumber number) {
    return vanished.contains(number);
  }

  /**
   * A visibility cycle that knew of every loss is over: nobody is sent here in vain any more, but
   * by the routes that were made before it.
   *
   * @param publishes how many visibility cycles there have been, with this one
   */
  void lossesAreKnown(long publishes) {
    vanished.forEach(number -> givenUp.merge(number, publishes - 1, Math::max));
    vanished.clear();
  }

  /**
   * It deletes bytes that portals were sent to it for, as a last resort of the plan, after so many
   * visibility cycles.
   */
  void gaveUp(ChunkNumber number, long publishes) {
    vanished.add(number);
    givenUp.put(number, publishes);
  }

  /** Whether it gave up bytes that routes made after so many visibility cycles may still name. */
  boolean gaveUpSince(ChunkNumber number, long routesPublishes) {
    return givenUp.getOrDefault(number, -1L) >= routesPublishes;
  }

  /** How many visibility cycles there had been when it last had another disk, or came back. */
  long publishesBefore() {
    return publishesBefore;
  }

  /** While the fleet takes it for gone, routes promise nothing of what it holds. */
  StoryWorker knownTo(LifecycleSnapshot books, long publishes) {
    publishesBefore = Looks.hasDeparted(books, id()) ? publishes : publishesBefore;
    return this;
  }

  /** All bytes are gone, and the disk is another one. */
  void loseDisk(String otherDiskId) {
    vanished.addAll(disk.keySet());
    disk.clear();
    deletions++;
    diskId = otherDiskId;
  }

  /** It may take the name of one that is gone for good, and that routes may still name. */
  void follows(@Nullable StoryWorker gone) {
    if (gone != null) {
      vanished.addAll(gone.vanished);
      vanished.addAll(gone.disk.keySet());
    }
  }

  /** The store has fallen back to a time when it knew of bytes that are gone since. */
  void forgottenByTheStore() {
    held.stream().filter(number -> !holds(number)).forEach(vanished::add);
  }

  /**
   * A store that lost commits, or purged a row, may not know the worker, or what was said of it:
   * the host describes it once more, and it registers.
   *
   * @param isTelling whether it says what its disk holds though nobody asks
   */
  StepOutcome introduce(long publishes, boolean isTelling) {
    StepOutcome described = describe(description());
    return described.isDone() ? register(publishes, isTelling) : described;
  }

  /**
   * Registers, and says what its disk holds if that is asked for.
   *
   * @param publishes how many visibility cycles there have been
   */
  StepOutcome register(long publishes) {
    return register(publishes, false);
  }

  private StepOutcome register(long publishes, boolean isTelling) {
    Result.Registered registered =
        (Result.Registered) fleet.apply(new Command.Register(id(), diskId));
    if (!registered.isAccepted()) {
      return StepOutcome.of(registered);
    }
    if (sending != null) {
      // What it had said of it counts no more, and nothing was made of it.
      inventoryReport = sending.before();
      sending = null;
    }
    if (!registered.incarnation().equals(incarnation)) {
      inventoryReport = 0;
      lastReport = 0;
      publishesBefore = publishes;
      forgetOrders();
    }
    if (!registered.lineage().equals(lineage)) {
      forgetOrders();
    }
    incarnation = registered.incarnation();
    lineage = registered.lineage();
    lastReport = Math.max(lastReport, registered.lastReport());
    if (!isTelling && !registered.inventoryWanted()) {
      return StepOutcome.DONE;
    }
    publishesBefore = publishes;
    return sendInventory();
  }

  /**
   * Takes the newest slice and carries it out.
   *
   * @param slice the newest one
   * @param arrives reports whether bytes that are wanted come
   * @param tick the present tick
   * @param deleting hears of each deletion before it happens
   */
  StepOutcome fetch(
      WorkerSlice slice, Predicate<SliceEntry> arrives, long tick, Consumer<SliceEntry> deleting) {
    if (sending != null) {
      return sendRest();
    }
    if (isAsking && slice.isInventoryWanted()) {
      StepOutcome heard = report(new Command.Heartbeat(header()));
      boolean isWanted = heard.refusal() == ResultCode.INVENTORY_WANTED;
      isAsking = !isWanted;
      return isWanted ? sendInventory() : heard;
    }
    if (!mayObey(slice, tick)) {
      return StepOutcome.DONE;
    }
    obey(slice, deleting);
    List<ChunkNumber> missing = download(slice, arrives);
    lastApplied = slice.id().value();
    return report(new Command.Applied(header(), slice.id(), missing));
  }

  // ---- the same in small steps, as a network lets them happen ----

  /** The newest slice is on its way; one that was before is lost. */
  StepOutcome send(Optional<WorkerSlice> newest) {
    sent = newest.orElse(null);
    return StepOutcome.DONE;
  }

  /**
   * A slice arrives: the one on its way, else the newest. It deletes what is not named, and
   * downloads nothing yet. One that it must not obey, or an older one, is forgotten.
   */
  void take(Optional<WorkerSlice> newest, long tick, Consumer<SliceEntry> deleting) {
    WorkerSlice slice = sent == null ? newest.orElse(null) : sent;
    sent = null;
    WorkerSlice known = orders;
    boolean isOlder = slice != null && known != null && slice.id().compareTo(known.id()) < 0;
    if (slice != null && !isOlder && isOfThisLife(slice) && mayObey(slice, tick)) {
      obey(slice, deleting);
    }
  }

  private boolean isOfThisLife(WorkerSlice slice) {
    return slice.incarnation().equals(incarnation) && slice.lineage().equals(lineage);
  }

  private void obey(WorkerSlice slice, Consumer<SliceEntry> deleting) {
    delete(slice, deleting);
    orders = slice;
    sent = null;
  }

  /** Bytes that it has orders for and not got; none before it took a slice. */
  List<SliceEntry> wanted() {
    WorkerSlice slice = orders;
    return slice == null
        ? List.of()
        : slice.entries().stream().filter(entry -> !holds(entry.number())).toList();
  }

  /** Some of what is wanted arrives, as far as it fits. */
  StepOutcome load(List<ChunkKey> arrived) {
    for (SliceEntry entry : wanted()) {
      if (arrived.contains(entry.key()) && entry.sizeBytes() <= freeBytes()) {
        keep(entry);
      }
    }
    return StepOutcome.DONE;
  }

  /** Says how far it is. */
  StepOutcome report() {
    return sending == null ? report(progress()) : sendRest();
  }

  /** Says how far it is, and the network keeps it back. */
  StepOutcome reportLate() {
    onTheWay.add(progress());
    return StepOutcome.DONE;
  }

  // ---- an inventory in parts ----

  /**
   * An inventory in parts that is on its way.
   *
   * @param header of each part
   * @param of how many parts there are
   * @param before with which inventory the slices that it may obey are made if this one is dropped
   * @param sent the places that were accepted
   */
  private record Sending(ReportHeader header, int of, long before, Set<Integer> sent) {}

  /** Says what its disk holds in so many parts, from the first to the last. */
  StepOutcome sendParts(int of) {
    StepOutcome outcome = sendPart(1, of, true);
    return sending == null ? outcome : sendRest();
  }

  /**
   * One part of what its disk holds: of the inventory that is on its way, or the first one of
   * another.
   *
   * @param isAnother whether another inventory begins in any case
   */
  StepOutcome sendPart(int place, int of, boolean isAnother) {
    Sending open = sending;
    if (open == null || isAnother || open.of() != of) {
      long before = open == null ? inventoryReport : open.before();
      open = new Sending(header(), of, before, new HashSet<>());
    }
    Command<?> part = new Command.InventoryPart(open.header(), place, of, partOfDisk(place, of));
    StepOutcome answer = report(part);
    if (!answer.isDone()) {
      return answer;
    }
    sending = open;
    inventoryReport = open.header().number();
    orders = null;
    open.sent().add(place);
    if (open.sent().size() == of) {
      sending = null;
    }
    return answer;
  }

  /**
   * What is left of the inventory; all of the disk where the fleet knows nothing of it any more.
   */
  private StepOutcome sendRest() {
    StepOutcome outcome = StepOutcome.DONE;
    for (Sending open = sending; open != null && outcome.isDone(); open = sending) {
      int place = 1;
      while (open.sent().contains(place)) {
        place++;
      }
      outcome = sendPart(place, open.of(), false);
    }
    if (outcome.isDone() || outcome.refusal() != ResultCode.STALE) {
      return outcome;
    }
    sending = null;
    return sendInventory();
  }

  private List<ChunkNumber> partOfDisk(int place, int of) {
    return disk.keySet().stream()
        .filter(number -> number.counter() % of == place - 1)
        .sorted(ChunkNumbers.ORDER)
        .toList();
  }

  /** The oldest report that was kept back arrives. */
  StepOutcome deliver() {
    Command<?> oldest = onTheWay.poll();
    if (oldest == null) {
      throw new StepFailure("a report of " + id() + " on its way", "none");
    }
    return report(oldest);
  }

  /** How many reports the network keeps back. */
  int reportsOnTheWay() {
    return onTheWay.size();
  }

  /** Everything up to the order before the oldest one that is not carried out. */
  private Command<?> progress() {
    WorkerSlice slice = orders;
    if (slice == null) {
      return new Command.Heartbeat(header());
    }
    long id = slice.id().value();
    for (SliceEntry entry : slice.entries()) {
      if (!holds(entry.number()) && entry.since() > lastApplied) {
        id = Math.min(id, entry.since() - 1);
      }
    }
    long applied = Math.max(id, lastApplied);
    if (applied == 0) {
      return new Command.Heartbeat(header());
    }
    List<ChunkNumber> missing =
        wanted().stream()
            .filter(entry -> entry.since() <= applied)
            .map(SliceEntry::number)
            .toList();
    lastApplied = applied;
    return new Command.Applied(header(), new WorkerAssignmentId(applied), missing);
  }

  /**
   * Whether bytes that the store does not know, and that it must keep, leave no room for what it is
   * told to hold.
   */
  boolean isCrowded(LifecycleView books, Optional<WorkerSlice> newest) {
    long unknown = disk.keySet().stream().filter(number -> books.chunkPosition(number) < 0).count();
    long lacking =
        newest.stream()
            .flatMap(slice -> slice.entries().stream())
            .filter(entry -> !holds(entry.number()))
            .mapToLong(SliceEntry::sizeBytes)
            .sum();
    return unknown > 0 && lacking > freeBytes();
  }

  private void forgetOrders() {
    orders = null;
    sent = null;
    lastApplied = 0;
  }

  /** Whether it has met the present lineage; if not, it registers before it does anything. */
  boolean knows(Lineage present) {
    return present.equals(lineage);
  }

  private boolean mayObey(WorkerSlice slice, long tick) {
    return !slice.isInventoryWanted()
        && tick >= slice.obeyFromTick()
        && slice.inventoryReport() >= inventoryReport;
  }

  private void delete(WorkerSlice slice, Consumer<SliceEntry> deleting) {
    Set<ChunkNumber> named = new HashSet<>(slice.keep());
    slice.entries().forEach(entry -> named.add(entry.number()));
    for (SliceEntry entry : List.copyOf(disk.values())) {
      if (!named.contains(entry.number())) {
        deleting.accept(entry);
        disk.remove(entry.number());
        deletions++;
      }
    }
  }

  private List<ChunkNumber> download(WorkerSlice slice, Predicate<SliceEntry> arrives) {
    List<ChunkNumber> missing = new ArrayList<>();
    for (SliceEntry entry : slice.entries()) {
      if (holds(entry.number())) {
        continue;
      }
      if (entry.sizeBytes() > freeBytes() || !arrives.test(entry)) {
        missing.add(entry.number());
      } else {
        keep(entry);
      }
    }
    return missing;
  }

  private void keep(SliceEntry entry) {
    disk.put(entry.number(), entry);
    held.add(entry.number());
    vanished.remove(entry.number());
  }

  private long freeBytes() {
    long used = disk.values().stream().mapToLong(SliceEntry::sizeBytes).sum();
    return description.capacityBytes() - used;
  }

  /** Finds that bytes are gone, and says so. */
  StepOutcome lose(ChunkNumber number) {
    if (disk.remove(number) != null) {
      deletions++;
      vanished.add(number);
    }
    return report(new Command.Lost(header(), List.of(number)));
  }

  // ---- what is refused for its size, at every door ----

  StepOutcome sendOversizedInventory() {
    return StepOutcome.of(fleet.apply(new Command.Inventory(header(), tooMany())));
  }

  StepOutcome loseTooMuch() {
    return StepOutcome.of(fleet.apply(new Command.Lost(header(), tooMany())));
  }

  StepOutcome missTooMuch() {
    WorkerAssignmentId any = new WorkerAssignmentId(1);
    return StepOutcome.of(fleet.apply(new Command.Applied(header(), any, tooMany())));
  }

  StepOutcome registerOversizedDisk() {
    String tooLong = "x".repeat(Command.Bounds.NAME_CHARACTERS + 1);
    return StepOutcome.of(fleet.apply(new Command.Register(id(), tooLong)));
  }

  /** One run of numbers, which its bytes say in a few. */
  private List<ChunkNumber> tooMany() {
    long token = header().lineage().token();
    return new ChunkNumbers.Builder().add(token, 1, Command.Bounds.NUMBERS + 1L).build();
  }

  /** Its last report arrives once more. */
  StepOutcome again() {
    Command<?> last = newest;
    if (last == null) {
      throw new StepFailure("a report of " + id() + " before", "none");
    }
    return StepOutcome.of(fleet.apply(last));
  }

  private StepOutcome sendInventory() {
    sending = null;
    StepOutcome answer = report(new Command.Inventory(header(), List.copyOf(disk.keySet())));
    inventoryReport = lastReport;
    orders = null;
    return answer;
  }

  private StepOutcome report(Command<?> report) {
    newest = report;
    return StepOutcome.of(fleet.apply(report));
  }

  private ReportHeader header() {
    if (incarnation == null || lineage == null) {
      throw new StepFailure(id() + " to have registered", "it has not");
    }
    return new ReportHeader(id(), incarnation, lineage, ++lastReport);
  }
}
