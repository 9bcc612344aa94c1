package dev.stowage.sim.kit.world;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.SliceDelta;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker with a disk and a link: it obeys the newest slice that it heard of, deletes what the
 * slice does not name, then downloads what it has not got, then reports (lifecycle design, section
 * 2). Not thread-safe.
 */
final class SimulatedWorker {
  private static final long NOTHING_APPLIED = -1;

  private final WorkerId id;
  private final Downloads downloads = new Downloads();
  private SimulatedDisk disk;
  private boolean isUp;
  private long lostItsDiskAt = Long.MIN_VALUE;
  private @Nullable Incarnation incarnation;
  private @Nullable Lineage lineage;
  private long lastReport;
  private boolean owesInventory;
  private long inventoryReport;
  private final NumberTable<SliceEntry> told = new NumberTable<>();
  private long toldSum;
  private @Nullable WorkerSlice newest;
  private @Nullable WorkerSlice slice;

  /** Its disk has nothing that the slice, which it obeyed on the word of deltas, does not name. */
  private boolean isSettled;

  private long lastApplied = NOTHING_APPLIED;

  /** A worker that has not started yet. */
  SimulatedWorker(WorkerId id, SimulatedDisk disk) {
    this.id = id;
    this.disk = disk;
  }

  WorkerId id() {
    return id;
  }

  SimulatedDisk disk() {
    return disk;
  }

  boolean isUp() {
    return isUp;
  }

  /** The tick at which its disk was last replaced by an empty one; far in the past if never. */
  long lostItsDiskAt() {
    return lostItsDiskAt;
  }

  /** Registers and goes to work. */
  void start(Stowage fleet, long nowNanos) {
    Result.Registered registered = fleet.register(id, disk.id(), nowNanos);
    if (!registered.isAccepted()) {
      throw new IllegalStateException(id + " cannot register: " + registered.code());
    }
    if (!registered.incarnation().equals(incarnation)) {
      lastApplied = NOTHING_APPLIED;
      inventoryReport = 0;
    }
    incarnation = registered.incarnation();
    lineage = registered.lineage();
    lastReport = registered.lastReport();
    owesInventory = registered.inventoryWanted();
    slice = null;
    newest = null;
    forgetTold();
    downloads.forget();
    isUp = true;
  }

  /** Of what it holds, or with what it registered. */
  Lineage lineage() {
    WorkerSlice known = newest;
    return known != null ? known.lineage() : lineage == null ? Lineage.of(0) : lineage;
  }

  /** The assignment that it holds; 0 for none. */
  long holds() {
    WorkerSlice known = newest;
    return known == null ? 0 : known.id().value();
  }

  /** It is told of its slice; whether what it is told begins where it stands. */
  boolean hears(Message.Slice news) {
    SliceDelta delta = news.delta();
    boolean continues =
        delta.from().isEmpty()
            || (delta.from().get().value() == holds() && news.lineage().equals(lineage()));
    if (continues) {
      if (delta.from().isEmpty()) {
        forgetTold();
      }
      WorkerSlice slice = delta.slice();
      delta.removed().forEach(number -> replace(slice, told.remove(number), null));
      delta.put().forEach(entry -> replace(slice, told.put(entry.number(), entry), entry));
      newest = slice;
    }
    return continues;
  }

  private void replace(WorkerSlice slice, @Nullable SliceEntry before, @Nullable SliceEntry after) {
    toldSum -= before == null ? 0 : slice.checksum(before);
    toldSum += after == null ? 0 : slice.checksum(after);
  }

  private void forgetTold() {
    told.clear();
    toldSum = 0;
  }

  /** The checksum of what it was told to hold. */
  long toldSum() {
    return toldSum;
  }

  /** What it was told to hold, by number. */
  NumberTable<SliceEntry> told() {
    return told;
  }

  /** The slice that it was told of last; nothing since it started, or before the first. */
  @Nullable WorkerSlice newest() {
    return newest;
  }

  /** Falls silent; the disk stays as it is. */
  void stop() {
    isUp = false;
  }

  /** Its disk is replaced by an empty one. */
  void replaceDisk(SimulatedDisk empty, long tick) {
    disk = empty;
    lostItsDiskAt = tick;
  }

  /**
   * Obeys the newest slice that it heard of, if it may be obeyed: not before its tick, and after an
   * inventory only one that was made with it. Where much of its disk would go it first fetches a
   * full slice, and deletes nothing unless that is what it was told, or a later one: then only what
   * neither names.
   *
   * @param tick the present tick
   * @param whole fetches its full slice; empty if there is none
   * @param deleting hears of each replica just before its bytes are deleted
   * @return bytes deleted
   */
  long obey(long tick, Supplier<Optional<WorkerSlice>> whole, Consumer<SliceEntry> deleting) {
    WorkerSlice taken = newest;
    if (taken == null || !mayObey(taken, tick)) {
      downloads.forget();
      slice = null;
      return 0;
    }
    if (isCarriedOut(taken)) {
      return 0;
    }
    List<SliceEntry> unnamed = unnamed(taken);
    boolean isMass = isMass(unnamed);
    if (isMass) {
      Set<ChunkNumber> named = new HashSet<>(taken.keep());
      told.values().forEach(entry -> named.add(entry.number()));
      if (!agrees(whole.get(), named)) {
        downloads.forget();
        slice = null;
        return 0;
      }
      unnamed.removeIf(entry -> named.contains(entry.number()));
    }
    slice = taken;
    isSettled = !isMass;
    long freed = 0;
    for (SliceEntry entry : unnamed) {
      deleting.accept(entry);
      disk.delete(entry);
      freed += entry.sizeBytes();
    }
    downloads.want(missing(taken));
    return freed;
  }

  /**
   * Whether it has deleted all that this slice does not name, so that it has only to go on with its
   * downloads: nothing else has come since.
   */
  @SuppressWarnings("ReferenceEquality")
  private boolean isCarriedOut(WorkerSlice taken) {
    return isSettled && slice == taken;
  }

  /** Returns the replicas that it was told to hold and has not got. */
  private List<SliceEntry> missing(WorkerSlice taken) {
    if (isSettled && taken.keep().isEmpty() && disk.count() == told.size()) {
      // Nothing else is left on the disk.
      return List.of();
    }
    return told.values().stream().filter(entry -> !disk.holds(entry.number())).toList();
  }

  /** What is on the disk, and in a slice neither to hold nor to keep. */
  private List<SliceEntry> unnamed(WorkerSlice taken) {
    Set<ChunkNumber> kept = new HashSet<>(taken.keep());
    List<SliceEntry> unnamed = new ArrayList<>();
    disk.forEach(entry -> {
      if (told.get(entry.number()) == null && !kept.contains(entry.number())) {
        unnamed.add(entry);
      }
    });
    return unnamed;
  }

  private boolean isMass(List<SliceEntry> unnamed) {
    long deleted = unnamed.stream().mapToLong(SliceEntry::sizeBytes).sum();
    return new SliceDocument.Deletion(disk.usedBytes(), deleted)
        .isMass(LifecycleConfig.Trust.DEFAULT.massDeletionMillionths());
  }

  /** Whether a full slice is what it was told, or a later one; what that names stays as well. */
  private boolean agrees(Optional<WorkerSlice> whole, Set<ChunkNumber> named) {
    if (whole.isEmpty()) {
      return false;
    }
    WorkerSlice full = whole.get();
    Set<ChunkNumber> theirs = new HashSet<>(full.keep());
    full.entries().forEach(entry -> theirs.add(entry.number()));
    boolean isSame = full.lineage().equals(lineage()) && full.id().value() == holds();
    if (isSame && !theirs.equals(named)) {
      return false;
    }
    named.addAll(theirs);
    return full.lineage().equals(lineage()) && full.id().value() >= holds();
  }

  private boolean mayObey(WorkerSlice newest, long tick) {
    owesInventory |= newest.isInventoryWanted();
    return !owesInventory
        && tick >= newest.obeyFromTick()
        && newest.inventoryReport() >= inventoryReport
        && newest.incarnation().equals(incarnation);
  }

  /** Lets the link run for so many bytes; answers how many came in. */
  long download(long bytes, Consumer<SliceEntry> come) {
    return downloads.run(bytes, disk, come);
  }

  /** Reports what it has done: an inventory where one is owed, progress, or a sign of life. */
  void report(Stowage fleet, long nowNanos) {
    if (owesInventory) {
      List<ChunkNumber> found = disk.entries().stream().map(SliceEntry::number).toList();
      accepted(fleet.inventory(header(), found, nowNanos));
      owesInventory = false;
      inventoryReport = lastReport;
      return;
    }
    WorkerSlice known = slice;
    long applied = known == null ? NOTHING_APPLIED : appliedOf(known);
    if (applied > lastApplied) {
      accepted(fleet.applied(header(), new WorkerAssignmentId(applied), List.of(), nowNanos));
      lastApplied = applied;
    } else {
      accepted(fleet.heartbeat(header(), nowNanos));
    }
  }

  /** Everything up to the order before the oldest one that is not carried out. */
  private long appliedOf(WorkerSlice known) {
    return downloads.isEmpty()
        ? known.id().value()
        : Math.min(known.id().value(), downloads.oldestSince() - 1);
  }

  private ReportHeader header() {
    if (incarnation == null || lineage == null) {
      throw new IllegalStateException(id + " has not registered");
    }
    return new ReportHeader(id, incarnation, lineage, ++lastReport);
  }

  private void accepted(Result.Answer answer) {
    if (answer.code() != ResultCode.ACCEPTED) {
      throw new IllegalStateException(id + " reports, and is answered " + answer.code());
    }
  }
}
