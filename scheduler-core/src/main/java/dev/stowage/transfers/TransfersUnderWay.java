package dev.stowage.transfers;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.WideSum;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Indexes transfers under way and unreported arrivals by id, chunk and worker. */
final class TransfersUnderWay {
  private final Map<WorkerId, WorkerTransfers> workers = new HashMap<>();

  private @Nullable WorkerTransfers[] byPosition = {};

  private long look;
  private final Map<Long, TransferTask> byId = new HashMap<>();

  // The most recently queued copy with a transfer is last.
  private final Map<ChunkNumber, List<WorkerCopy>> byChunk = new HashMap<>();

  private final Map<WorkerId, Load> loads = new HashMap<>();

  private final Set<ChunkNumber> touched = new LinkedHashSet<>();

  private final Map<WorkerId, Map<ChunkNumber, Long>> failed = new HashMap<>();

  private final WideSum failedBytes = new WideSum();

  static final class Load {
    int sent;
  }

  long look() {
    return ++look;
  }

  WorkerTransfers meet(WorkerId id, int position) {
    WorkerTransfers there = at(position);
    if (there == null || !there.id().equals(id)) {
      there = workers.computeIfAbsent(id, WorkerTransfers::new);
      if (position >= byPosition.length) {
        byPosition = Arrays.copyOf(byPosition, ArrayGrowth.next(position + 1));
      }
      byPosition[position] = there;
    }
    return there;
  }

  // Copies on a previous disk are gone.
  boolean place(WorkerTransfers work, int position, Incarnation incarnation) {
    boolean isAnother = work.meet(position, incarnation);
    if (isAnother) {
      work.copies(copy -> true).forEach(this::forget);
    }
    return isAnother;
  }

  @Nullable WorkerTransfers at(int position) {
    return position < byPosition.length ? byPosition[position] : null;
  }

  @Nullable WorkerTransfers to(WorkerId worker) {
    return workers.get(worker);
  }

  List<WorkerTransfers> unseen() {
    List<WorkerTransfers> unseen = new ArrayList<>();
    for (WorkerTransfers work : workers.values()) {
      if (!work.isSeen(look)) {
        unseen.add(work);
      }
    }
    unseen.sort(Comparator.comparing(WorkerTransfers::id));
    return unseen;
  }

  int workerCount() {
    return workers.size();
  }

  void part(WorkerTransfers work) {
    work.copies(copy -> true).forEach(this::forget);
    workers.remove(work.id());
    loads.remove(work.id());
    if (at(work.position()) == work) {
      byPosition[work.position()] = null;
    }
    Map<ChunkNumber, Long> all = failed.remove(work.id());
    if (all != null) {
      all.values().forEach(failedBytes::subtract);
    }
  }

  void followAll() {
    workers.values().forEach(WorkerTransfers::followAll);
  }

  @Nullable WorkerCopy copy(ChunkNumber number, WorkerTransfers to) {
    return in(copies(number), to);
  }

  static @Nullable WorkerCopy in(List<WorkerCopy> copies, WorkerTransfers to) {
    for (int i = 0; i < copies.size(); i++) {
      if (copies.get(i).to == to) {
        return copies.get(i);
      }
    }
    return null;
  }

  List<WorkerCopy> copies(ChunkNumber number) {
    List<WorkerCopy> copies = byChunk.get(number);
    return copies == null ? List.of() : copies;
  }

  private WorkerCopy known(ChunkNumber number, WorkerTransfers to) {
    List<WorkerCopy> all = byChunk.computeIfAbsent(number, key -> new ArrayList<>(2));
    WorkerCopy copy = in(all, to);
    if (copy == null) {
      copy = new WorkerCopy(number, to);
      all.add(copy);
      to.add(copy);
    }
    return copy;
  }

  private void dropIfNothing(WorkerCopy copy) {
    if (copy.isNothing()) {
      List<WorkerCopy> all = byChunk.get(copy.number);
      if (all != null && all.remove(copy)) {
        copy.to.remove(copy);
        if (all.isEmpty()) {
          byChunk.remove(copy.number);
        }
      }
    }
  }

  void forget(WorkerCopy copy) {
    copy.hasArrived = false;
    copy.goodBytes = 0;
    dropIfNothing(copy);
  }

  void forgetArrivals() {
    workers.values().forEach(work -> work.copies(copy -> copy.hasArrived).forEach(this::lacks));
  }

  void lacks(WorkerId worker, Collection<ChunkNumber> numbers) {
    WorkerTransfers work = workers.get(worker);
    if (work == null) {
      return;
    }
    for (ChunkNumber number : numbers) {
      WorkerCopy copy = copy(number, work);
      if (copy != null && copy.hasArrived) {
        lacks(copy);
        touched.add(number);
      }
    }
  }

  void forgetArrivals(WorkerId worker) {
    WorkerTransfers work = workers.get(worker);
    if (work != null) {
      for (WorkerCopy copy : work.copies(it -> it.hasArrived)) {
        lacks(copy);
        touched.add(copy.number);
      }
    }
  }

  private void lacks(WorkerCopy copy) {
    copy.hasArrived = false;
    dropIfNothing(copy);
  }

  void keepPart(ChunkNumber number, WorkerTransfers to, long goodBytes) {
    WorkerCopy copy = known(number, to);
    copy.goodBytes = goodBytes;
    dropIfNothing(copy);
  }

  long goodBytes(ChunkNumber number, WorkerTransfers to) {
    WorkerCopy copy = copy(number, to);
    return copy == null ? 0 : copy.goodBytes;
  }

  List<TransferTask> of(ChunkNumber number) {
    List<TransferTask> tasks = new ArrayList<>();
    for (WorkerCopy copy : copies(number)) {
      if (copy.task != null) {
        tasks.add(copy.task);
      }
    }
    return tasks;
  }

  int count(ChunkNumber number, Predicate<TransferTask> which) {
    int count = 0;
    for (WorkerCopy copy : copies(number)) {
      count += copy.task != null && which.test(copy.task) ? 1 : 0;
    }
    return count;
  }

  boolean has(ChunkNumber number) {
    return byChunk.containsKey(number);
  }

  Collection<ChunkNumber> chunks() {
    return byChunk.keySet();
  }

  @Nullable TransferTask task(long id) {
    return byId.get(id);
  }

  List<TransferTask> tasks() {
    return List.copyOf(byId.values());
  }

  void begin(TransferTask task, WorkerTransfers to) {
    byId.put(task.id(), task);
    SliceEntry entry = task.entry();
    if (entry == null) {
      to.slice = task;
      return;
    }
    WorkerCopy copy = known(entry.number(), to);
    List<WorkerCopy> all = copies(entry.number());
    if (all.get(all.size() - 1) != copy) {
      all.remove(copy);
      all.add(copy);
    }
    copy.task = task;
    task.copy = copy;
    to.await(entry.number(), entry.since());
  }

  // The copy is not sent again before the worker reports.
  void arrive(TransferTask task) {
    WorkerCopy copy = task.copy;
    if (copy != null && copy.task == task) {
      copy.hasArrived = true;
      copy.since = task.entry() == null ? 0 : task.entry().since();
      copy.goodBytes = 0;
    }
    end(task);
  }

  void send(long id, WorkerId source) {
    TransferTask task = byId.get(id);
    if (task != null) {
      task.sendFrom(loads.computeIfAbsent(source, key -> new Load()));
    }
  }

  void stop(long id) {
    TransferTask task = byId.get(id);
    if (task != null) {
      task.sendFrom(null);
    }
  }

  boolean isSent(long id) {
    TransferTask task = byId.get(id);
    return task != null && task.load != null;
  }

  int sentBy(WorkerId source) {
    Load load = loads.get(source);
    return load == null ? 0 : load.sent;
  }

  void noteFailure(TransferTask task) {
    SliceEntry entry = task.entry();
    if (entry != null) {
      Map<ChunkNumber, Long> all = failed.computeIfAbsent(task.worker(), key -> new HashMap<>());
      Long before = all.put(entry.number(), entry.sizeBytes());
      failedBytes.add(entry.sizeBytes());
      failedBytes.subtract(before == null ? 0 : before);
    }
  }

  void triesAgain(TransferTask task) {
    Map<ChunkNumber, Long> all = failed.get(task.worker());
    Long before = all == null || task.entry() == null ? null : all.remove(task.entry().number());
    failedBytes.subtract(before == null ? 0 : before);
    if (all != null && all.isEmpty()) {
      failed.remove(task.worker());
    }
  }

  long failedBytes() {
    return failedBytes.saturated();
  }

  void end(TransferTask task) {
    if (byId.remove(task.id(), task)) {
      task.sendFrom(null);
    }
    WorkerCopy copy = task.copy;
    if (copy != null && copy.task == task) {
      copy.task = null;
      touched.add(copy.number);
      dropIfNothing(copy);
    }
    WorkerTransfers to = task.entry() == null ? workers.get(task.worker()) : null;
    if (to != null && to.slice == task) {
      to.slice = null;
    }
  }

  Set<ChunkNumber> touched() {
    return touched;
  }

  Set<ChunkNumber> takeTouched() {
    Set<ChunkNumber> all = new LinkedHashSet<>(touched);
    touched.clear();
    return all;
  }
}
