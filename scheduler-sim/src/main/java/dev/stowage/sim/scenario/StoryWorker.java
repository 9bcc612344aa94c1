package dev.stowage.sim.scenario;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.SliceEntry;
import dev.stowage.lifecycle.WorkerSlice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker with a real disk. It obeys its slice (lifecycle design, section 2): deletes what is not
 * named, downloads what fits beside what it still holds, reports. Not thread-safe.
 */
final class StoryWorker {
  private final Function<Command, Result> fleet;
  private final Map<ChunkNumber, SliceEntry> disk = new LinkedHashMap<>();
  private final Set<ChunkNumber> vanished = new HashSet<>();
  private final Set<ChunkNumber> held = new HashSet<>();
  private Worker description;
  private String diskId;
  private @Nullable Incarnation incarnation;
  private @Nullable Lineage lineage;
  private long lastReport;
  private long inventoryReport;
  private @Nullable Command newest;
  private long cameBackAt = Long.MIN_VALUE;

  /** A worker that has not registered yet; {@code fleet} answers what it says. */
  StoryWorker(Worker description, String diskId, Function<Command, Result> fleet) {
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

  boolean holds(ChunkNumber number) {
    return disk.containsKey(number);
  }

  /** What lies on its disk. */
  Collection<SliceEntry> bytes() {
    return disk.values();
  }

  /** Bytes that went by nobody's decision, and whose loss portals may not have heard of. */
  boolean mayMiss(ChunkNumber number) {
    return vanished.contains(number);
  }

  /** A visibility cycle that knew of every loss is over: nobody is sent here in vain any more. */
  void lossesAreKnown() {
    vanished.clear();
  }

  /** It deletes bytes that portals were sent to it for, as a last resort of the plan. */
  void gaveUp(ChunkNumber number) {
    vanished.add(number);
  }

  /** The last tick at which it began with another disk, or came back from a departure. */
  long cameBackAt() {
    return cameBackAt;
  }

  Optional<Command> newestReport() {
    return Optional.ofNullable(newest);
  }

  /** All bytes are gone, and the disk is another one. */
  void loseDisk(String otherDiskId) {
    vanished.addAll(disk.keySet());
    disk.clear();
    diskId = otherDiskId;
  }

  /** The store has fallen back to a time when it knew of bytes that are gone since. */
  void forgottenByTheStore() {
    held.stream().filter(number -> !holds(number)).forEach(vanished::add);
  }

  /** Registers, and says what its disk holds if that is asked for. */
  StepOutcome register(long tick) {
    return register(tick, false);
  }

  /** Registers, and says what its disk holds, asked or not. */
  StepOutcome registerWithInventory(long tick) {
    return register(tick, true);
  }

  private StepOutcome register(long tick, boolean isTelling) {
    Result.Registered registered =
        (Result.Registered) fleet.apply(new Command.Register(id(), diskId));
    if (!registered.isAccepted()) {
      return StepOutcome.of(registered);
    }
    if (!registered.incarnation().equals(incarnation)) {
      inventoryReport = 0;
      lastReport = 0;
      cameBackAt = tick;
    }
    incarnation = registered.incarnation();
    lineage = registered.lineage();
    lastReport = Math.max(lastReport, registered.lastReport());
    if (!isTelling && !registered.inventoryWanted()) {
      return StepOutcome.DONE;
    }
    cameBackAt = tick;
    return sendInventory();
  }

  /**
   * Takes the newest slice and carries it out.
   *
   * @param offered the newest slice; empty for a worker that is given none
   * @param unreachable what cannot be fetched
   * @param tick the present tick
   * @param deleting hears of each deletion before it happens
   */
  StepOutcome fetch(
      Optional<WorkerSlice> offered,
      List<ChunkKey> unreachable,
      long tick,
      Consumer<SliceEntry> deleting) {
    if (offered.isEmpty()) {
      return inventoryReport > 0 ? StepOutcome.DONE : report(new Command.Heartbeat(header()));
    }
    WorkerSlice slice = offered.get();
    if (!mayObey(slice, tick)) {
      return StepOutcome.DONE;
    }
    delete(slice, deleting);
    List<ChunkNumber> missing = download(slice, unreachable);
    return report(new Command.Applied(header(), slice.id(), missing));
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
      }
    }
  }

  private List<ChunkNumber> download(WorkerSlice slice, List<ChunkKey> unreachable) {
    List<ChunkNumber> missing = new ArrayList<>();
    for (SliceEntry entry : slice.entries()) {
      if (holds(entry.number())) {
        continue;
      }
      if (unreachable.contains(entry.key()) || entry.sizeBytes() > freeBytes()) {
        missing.add(entry.number());
      } else {
        disk.put(entry.number(), entry);
        held.add(entry.number());
        vanished.remove(entry.number());
      }
    }
    return missing;
  }

  private long freeBytes() {
    long used = disk.values().stream().mapToLong(SliceEntry::sizeBytes).sum();
    return description.capacityBytes() - used;
  }

  /** Finds that bytes are gone, and says so. */
  StepOutcome lose(ChunkNumber number) {
    if (disk.remove(number) != null) {
      vanished.add(number);
    }
    return report(new Command.Lost(header(), List.of(number)));
  }

  /** Its last report arrives once more. */
  StepOutcome again() {
    Command last = newest;
    if (last == null) {
      throw new StepFailure("a report of " + id() + " before", "none");
    }
    return StepOutcome.of(fleet.apply(last));
  }

  private StepOutcome sendInventory() {
    StepOutcome sent = report(new Command.Inventory(header(), List.copyOf(disk.keySet())));
    inventoryReport = lastReport;
    return sent;
  }

  private StepOutcome report(Command report) {
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
