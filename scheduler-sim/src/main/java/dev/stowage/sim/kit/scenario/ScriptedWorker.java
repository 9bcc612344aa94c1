package dev.stowage.sim.kit.scenario;

import dev.stowage.client.SliceBook;
import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.sim.kit.world.SimulatedWorker;
import dev.stowage.sim.kit.world.StepFailure;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A worker that carries out a step of the protocol when a line says so, and may repeat itself, be
 * late or say too much, as the shipped client cannot. It obeys full slices only. Not thread-safe.
 */
final class ScriptedWorker extends SimulatedWorker {
  private static final Result NOTHING_TO_DO = Result.Answer.of(ResultCode.ACCEPTED);

  private final Function<Command<?>, Result> fleet;
  private final AllowedMisses excuses = new AllowedMisses();
  private long changes;
  private @Nullable Incarnation incarnation;
  private @Nullable Lineage lineage;
  private long lastReport;
  private boolean owesInventory;
  private long inventoryReport;

  /** The registration that waits in the log; null if none does. */
  private Command.@Nullable Register registering;

  /** The unfinished inventory in parts; null if there is none. */
  private @Nullable Sending sending;

  private final SliceBook book = new SliceBook();
  private @Nullable WorkerSlice sent;

  /** The slice that the worker obeys; null if it obeys none. */
  private @Nullable WorkerSlice orders;

  private long lastApplied;

  private final ArrayDeque<Command<?>> onTheWay = new ArrayDeque<>();
  private @Nullable Command<?> lastSaid;

  /** True while the answer to a message is on its way. */
  private boolean isWaiting;

  /** True if its next message is set aside, so that it asks whether an inventory is wanted. */
  private boolean isAsking;

  /** A worker that has not registered yet; {@code fleet} answers what it says. */
  ScriptedWorker(Worker description, String diskId, Function<Command<?>, Result> fleet) {
    super(description, diskId);
    this.fleet = fleet;
  }

  /** Returns what it may miss. */
  AllowedMisses excuses() {
    return excuses;
  }

  /** Returns how often bytes went from its disk, for whatever reason. */
  long deletions() {
    return changes;
  }

  @Override
  protected void came(SliceEntry entry) {
    book.hold(entry.number(), entry.sizeBytes());
  }

  // ---- coming and going ----

  /** Describes the worker anew, as the host does. */
  Result describe(Worker other) {
    Result answer = tell(Command.Describe.of(other));
    if (StepOutcome.of(answer).isDone()) {
      described(other);
    }
    return answer;
  }

  /**
   * Registers the worker, which then owes an inventory if one is wanted.
   *
   * @param publishes the number of visibility cycles so far
   */
  private Result register(long publishes) {
    Command.Register said = new Command.Register(id(), disk().id());
    registering = null;
    Result answer = tell(said);
    if (answer.code() == ResultCode.REQUESTED) {
      registering = said;
      obeyNothing();
    }
    return registered(answer, publishes);
  }

  private Result registered(Result answer, long publishes) {
    if (!(answer instanceof Result.Registered registered) || !registered.isAccepted()) {
      return answer;
    }
    if (sending != null) {
      // What it had said of it counts no more, and nothing was made of it.
      inventoryReport = sending.before();
      sending = null;
    }
    boolean isAnother = !registered.incarnation().equals(incarnation);
    if (isAnother) {
      inventoryReport = 0;
      lastReport = 0;
    }
    if (isAnother || registered.inventoryWanted()) {
      excuses.promiseNothingBefore(publishes);
    }
    if (isAnother || !registered.lineage().equals(lineage)) {
      book.forget();
      obeyNothing();
      sent = null;
      lastApplied = 0;
    }
    incarnation = registered.incarnation();
    lineage = registered.lineage();
    lastReport = Math.max(lastReport, registered.lastReport());
    owesInventory = registered.inventoryWanted();
    return answer;
  }

  /**
   * Registers, and says what its disk holds if that is asked for.
   *
   * @param publishes how many visibility cycles there have been
   * @param isTelling whether it says so though nobody asks
   */
  Result register(long publishes, boolean isTelling) {
    Result registered = register(publishes);
    if (!registered.isAccepted() || !(isTelling || owesInventory)) {
      return registered;
    }
    excuses.promiseNothingBefore(publishes);
    return sendInventory();
  }

  /** Reports whether its registration waits in the log: it obeys and reports nothing. */
  boolean isRegistering() {
    return registering != null;
  }

  /**
   * Hears the answer to what it said through another process.
   *
   * @param publishes the number of visibility cycles so far
   */
  void heard(Command<?> said, Result answer, long publishes) {
    if (said == registering) {
      registering = null;
      if (!registered(answer, publishes).isAccepted()) {
        incarnation = null;
        lineage = null;
      }
      return;
    }
    boolean isOfThisLife =
        said instanceof Command.Report report
            && report.header().incarnation().equals(incarnation)
            && report.header().lineage().equals(lineage);
    if (!isOfThisLife || answer.isAccepted()) {
      return;
    }
    boolean isInventory =
        said instanceof Command.Inventory || said instanceof Command.InventoryPart;
    boolean isAsked = isAsking && answer.code() == ResultCode.INVENTORY_WANTED;
    owesInventory |= isInventory || isAsked;
    isAsking &= !isAsked;
    sending = isInventory ? null : sending;
  }

  /**
   * Describes and registers the worker again, for a store that lost commits or purged a row and may
   * not know it.
   */
  Result introduce(long publishes, boolean isTelling) {
    Result described = describe(description());
    return StepOutcome.of(described).isDone() ? register(publishes, isTelling) : described;
  }

  @Override
  public void loseDisk(String otherDiskId) {
    requireAnswered();
    excuses.vanished(disk().numbers());
    super.loseDisk(otherDiskId);
    book.dropAll();
    changes++;
  }

  /** Reports whether it has met a lineage; if not, it registers before it does anything. */
  boolean knows(Lineage present) {
    return present.equals(lineage);
  }

  /** Marks the next message to be set aside, which tells the worker to send an inventory. */
  Result asksAgain() {
    isAsking = true;
    return NOTHING_TO_DO;
  }

  // ---- obeying ----

  private boolean mayObey(WorkerSlice slice) {
    return !owesInventory
        && !isRegistering()
        && !slice.isInventoryWanted()
        && slice.inventoryReport() >= inventoryReport;
  }

  private boolean isOfThisLife(WorkerSlice slice) {
    return slice.incarnation().equals(incarnation) && slice.lineage().equals(lineage);
  }

  private void obeyNothing() {
    orders = null;
  }

  /** Returns what it has orders for and has not got, oldest orders first. */
  List<SliceEntry> wanted() {
    return orders == null ? List.of() : List.copyOf(book.missing());
  }

  private void download(StoryLinks links, Predicate<SliceEntry> isReachable) {
    links.bring(this, isReachable).forEach(entry -> excuses.came(entry.number()));
  }

  /** Lets some of the wanted entries arrive, as far as they fit. */
  Result load(StoryLinks links, List<ChunkKey> arrived, long tick) {
    links.begin(tick);
    download(links, entry -> arrived.contains(entry.key()));
    return NOTHING_TO_DO;
  }

  /**
   * Takes the newest slice and carries it out.
   *
   * @param slice the newest one
   * @param links bring the wanted bytes
   * @param isReachable whether somebody can be reached who has it
   * @param tick the present tick
   * @param deleting hears of each deletion before it happens
   */
  Result fetch(
      WorkerSlice slice,
      StoryLinks links,
      Predicate<SliceEntry> isReachable,
      long tick,
      Consumer<SliceEntry> deleting) {
    requireAnswered();
    if (isRegistering()) {
      return NOTHING_TO_DO;
    }
    if (sending != null) {
      return sendRest();
    }
    if (owesInventory) {
      return sendInventory();
    }
    if (isAsking && slice.isInventoryWanted()) {
      Result heard = say(new Command.Heartbeat(header()));
      boolean isWanted = heard.code() == ResultCode.INVENTORY_WANTED;
      isAsking = !isWanted;
      return isWanted ? sendInventory() : heard;
    }
    if (!mayObey(slice)) {
      return NOTHING_TO_DO;
    }
    obeyInFull(slice, tick, deleting);
    links.begin(tick);
    download(links, isReachable);
    lastApplied = slice.id().value();
    return say(new Command.Applied(header(), slice.id(), numbers(wanted())));
  }

  private void obeyInFull(WorkerSlice slice, long tick, Consumer<SliceEntry> deleting) {
    book.forget();
    book.tell(slice.header(), slice.keep(), List.of(), slice.entries());
    sent = null;
    boolean isPaused = tick < slice.deleteFromTick();
    for (ChunkNumber number : isPaused ? List.<ChunkNumber>of() : book.unnamed()) {
      deleting.accept(Objects.requireNonNull(disk().entry(number), "a held entry"));
      disk().delete(number);
      book.drop(number);
      excuses.went(number);
      changes++;
    }
    orders = slice;
  }

  private static List<ChunkNumber> numbers(Collection<SliceEntry> entries) {
    return entries.stream().map(SliceEntry::number).toList();
  }

  // ---- the same in small steps, as a network lets them happen ----

  /** Sends the newest slice; an earlier one on its way is lost. */
  Result send(Optional<WorkerSlice> newest) {
    sent = newest.orElse(null);
    return NOTHING_TO_DO;
  }

  /**
   * Takes the slice on its way, or else the newest; deletes unnamed entries, and downloads nothing
   * yet. It ignores an older slice, and one that it must not obey.
   */
  Result take(Optional<WorkerSlice> newest, long tick, Consumer<SliceEntry> deleting) {
    WorkerSlice slice = sent == null ? newest.orElse(null) : sent;
    sent = null;
    WorkerSlice known = orders;
    boolean isOlder = slice != null && known != null && slice.id().compareTo(known.id()) < 0;
    if (slice != null && !isOlder && isOfThisLife(slice) && mayObey(slice)) {
      obeyInFull(slice, tick, deleting);
    }
    return NOTHING_TO_DO;
  }

  /** Says how far it is, or what it owes. */
  Result report() {
    if (sending != null) {
      return sendRest();
    }
    return owesInventory ? sendInventory() : say(progress());
  }

  /** Gives a sign of life, and says which pressure it is under, where 1 is full strain. */
  Result reportPressure(double pressure) {
    PressureSnapshot sample = new PressureSnapshot(0, pressure, 0, 0, 0);
    return say(new Command.Heartbeat(header(), Optional.of(sample)));
  }

  /** Says how far it is, and the network keeps it back. */
  Result reportLate() {
    onTheWay.add(progress());
    return NOTHING_TO_DO;
  }

  /** Delivers the oldest report that was held back. */
  Result deliver() {
    requireAnswered();
    Command<?> oldest = onTheWay.poll();
    if (oldest == null) {
      throw new StepFailure("a report of " + id() + " on its way", "none");
    }
    return say(oldest);
  }

  /** Returns how many reports the network keeps back. */
  int reportsOnTheWay() {
    return onTheWay.size();
  }

  /** Its last report arrives once more. */
  Result again() {
    Command<?> last = lastSaid;
    if (last == null) {
      throw new StepFailure("an earlier report of " + id(), "none");
    }
    return fleet.apply(last);
  }

  /** Finds that bytes are gone, and says so. */
  Result lose(ChunkNumber number) {
    requireRegistered();
    if (disk().delete(number) != null) {
      changes++;
      book.drop(number);
      excuses.vanished(List.of(number));
    }
    return say(new Command.Lost(header(), List.of(number)));
  }

  /** Returns a report of everything before the oldest order that is not carried out. */
  private Command<?> progress() {
    WorkerSlice slice = orders;
    if (slice == null) {
      return new Command.Heartbeat(header());
    }
    long id = slice.id().value();
    List<SliceEntry> wanted = wanted();
    for (SliceEntry entry : wanted) {
      if (entry.since() > lastApplied) {
        id = Math.min(id, entry.since() - 1);
      }
    }
    long applied = Math.max(id, lastApplied);
    if (applied == 0) {
      return new Command.Heartbeat(header());
    }
    List<SliceEntry> missing = wanted.stream().filter(it -> it.since() <= applied).toList();
    lastApplied = applied;
    return new Command.Applied(header(), new WorkerAssignmentId(applied), numbers(missing));
  }

  /** Reports whether unknown bytes that it must keep leave no room for what it is told to hold. */
  boolean isCrowded(LifecycleView books, Optional<WorkerSlice> newest) {
    boolean isUnknown = disk().numbers().stream().anyMatch(it -> books.chunkPosition(it) < 0);
    long lacking =
        newest.stream()
            .flatMap(slice -> slice.entries().stream())
            .filter(entry -> !holds(entry.number()))
            .mapToLong(SliceEntry::sizeBytes)
            .sum();
    return isUnknown && lacking > freeBytes();
  }

  // ---- inventories ----

  /**
   * An inventory in parts that is on its way.
   *
   * @param header the header of each part
   * @param of the number of parts
   * @param before the inventory on which obeyed slices must be based if this one is dropped
   * @param sent the places of the accepted parts
   */
  private record Sending(ReportHeader header, int of, long before, Set<Integer> sent) {}

  private Result sendInventory() {
    sending = null;
    owesInventory = false;
    Result answer = say(new Command.Inventory(header(), List.copyOf(disk().numbers())));
    inventoryReport = lastReport;
    obeyNothing();
    return answer;
  }

  /** Says what its disk holds in a number of parts, from the first to the last. */
  Result sendParts(int of) {
    Result answer = sendPart(1, of, true);
    return sending == null ? answer : sendRest();
  }

  /**
   * Sends one part of the contents of the disk: of the inventory on its way, or the first one of
   * another.
   *
   * @param isAnother true if another inventory begins in any case
   */
  Result sendPart(int place, int of, boolean isAnother) {
    Sending open = sending;
    if (open == null || isAnother || open.of() != of) {
      long before = open == null ? inventoryReport : open.before();
      open = new Sending(header(), of, before, new HashSet<>());
    }
    Result answer = say(new Command.InventoryPart(open.header(), place, of, partOfDisk(place, of)));
    if (!StepOutcome.of(answer).isDone()) {
      return answer;
    }
    sending = open;
    inventoryReport = open.header().number();
    obeyNothing();
    open.sent().add(place);
    if (open.sent().size() == of) {
      sending = null;
    }
    return answer;
  }

  /** Sends the rest of the inventory; all of the disk if the fleet has forgotten the inventory. */
  private Result sendRest() {
    Result answer = NOTHING_TO_DO;
    Sending open = sending;
    for (; open != null && StepOutcome.of(answer).isDone(); open = sending) {
      int place = 1;
      while (open.sent().contains(place)) {
        place++;
      }
      answer = sendPart(place, open.of(), false);
    }
    return answer.code() == ResultCode.STALE ? sendInventory() : answer;
  }

  private List<ChunkNumber> partOfDisk(int place, int of) {
    return disk().numbers().stream()
        .filter(number -> number.counter() % of == place - 1)
        .sorted(ChunkNumbers.ORDER)
        .toList();
  }

  // ---- refusals for size, at every door ----

  /** Reports more chunks than any door lets through: one run of numbers, said in a few bytes. */
  Result reportTooMuch(BiFunction<ReportHeader, List<ChunkNumber>, Command<?>> report) {
    ReportHeader header = header();
    long token = header.lineage().token();
    long last = Command.Bounds.NUMBERS + 1L;
    return fleet.apply(
        report.apply(header, new ChunkNumbers.Builder().add(token, 1, last).build()));
  }

  /** Registers with a disk of too long a name. */
  Result registerOversizedDisk() {
    String tooLong = "x".repeat(Command.Bounds.NAME_CHARACTERS + 1);
    return fleet.apply(new Command.Register(id(), tooLong));
  }

  private Result say(Command<?> report) {
    lastSaid = report;
    return tell(report);
  }

  /** Waits for the answer; only the network says more meanwhile, and only what was said before. */
  private Result tell(Command<?> command) {
    requireAnswered();
    isWaiting = true;
    try {
      return fleet.apply(command);
    } finally {
      isWaiting = false;
    }
  }

  private void requireAnswered() {
    if (isWaiting) {
      throw new StepFailure(id() + " to have the answer to its last message", "it waits");
    }
  }

  private void requireRegistered() {
    requireAnswered();
    if (isRegistering()) {
      throw new StepFailure(id() + " to have the answer to its registration", "it waits");
    }
  }

  private ReportHeader header() {
    requireRegistered();
    if (incarnation == null || lineage == null) {
      throw new StepFailure(id() + " to have registered", "it has not");
    }
    return new ReportHeader(id(), incarnation, lineage, ++lastReport);
  }
}
