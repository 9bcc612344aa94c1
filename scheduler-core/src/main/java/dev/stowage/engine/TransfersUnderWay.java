package dev.stowage.engine;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The transfers that were queued and have not ended, by id, by chunk and by worker, and the chunks
 * whose copies that wait may have another urgency than when they were looked at last.
 */
public final class TransfersUnderWay {
  private final Map<WorkerId, WorkerTransfers> workers = new TreeMap<>();
  private final Map<Long, Going> byId = new HashMap<>();

  private final Map<ChunkNumber, List<TransferTask>> byChunk = new HashMap<>();

  /** How many transfers each source sends now. */
  private final Map<WorkerId, Load> loads = new HashMap<>();

  private final Set<ChunkNumber> touched = new LinkedHashSet<>();

  /** The copies of which a transfer failed and that wait for the next one. */
  private final Map<WorkerId, Map<ChunkNumber, Long>> failed = new HashMap<>();

  private long failedBytes;

  private static final class Load {
    int sent;
  }

  private static final class Going {
    final TransferTask task;

    /** Of the source that sends it; null while it waits, and where it comes from its origin. */
    @Nullable Load load;

    Going(TransferTask task) {
      this.task = task;
    }

    void sendFrom(@Nullable Load source) {
      if (load != null) {
        load.sent--;
      }
      load = source;
      if (source != null) {
        source.sent++;
      }
    }
  }

  public WorkerTransfers meet(WorkerId worker) {
    return workers.computeIfAbsent(worker, key -> new WorkerTransfers());
  }

  public @Nullable WorkerTransfers to(WorkerId worker) {
    return workers.get(worker);
  }

  public List<WorkerId> workers() {
    return List.copyOf(workers.keySet());
  }

  public int workerCount() {
    return workers.size();
  }

  /** Forgets a worker; nothing may be on the way to it. */
  public void part(WorkerId worker) {
    workers.remove(worker);
    loads.remove(worker);
    Map<ChunkNumber, Long> all = failed.remove(worker);
    failedBytes -= all == null ? 0 : all.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Follows every whole slice next, whatever was followed before. */
  public void followAll() {
    workers.values().forEach(WorkerTransfers::followAll);
  }

  public void forgetArrivals() {
    workers.values().forEach(WorkerTransfers::forgetArrivals);
  }

  /** Forgets that these copies arrived at a worker. */
  public void lacks(WorkerId worker, Collection<ChunkNumber> numbers) {
    WorkerTransfers work = workers.get(worker);
    if (work != null && work.hasArrivals()) {
      for (ChunkNumber number : numbers) {
        if (work.forgetArrival(number)) {
          touched.add(number);
        }
      }
    }
  }

  /** Forgets what arrived at a worker. */
  public void forgetArrivals(WorkerId worker) {
    WorkerTransfers work = workers.get(worker);
    if (work != null) {
      lacks(worker, work.arrivals());
    }
  }

  public @Nullable TransferTask task(long id) {
    Going going = byId.get(id);
    return going == null ? null : going.task;
  }

  public List<TransferTask> tasks() {
    return byId.values().stream().map(going -> going.task).toList();
  }

  /** Returns a view, in the order in which they were queued. */
  public List<TransferTask> of(ChunkNumber number) {
    return Collections.unmodifiableList(byChunk.getOrDefault(number, List.of()));
  }

  public boolean has(ChunkNumber number) {
    return byChunk.containsKey(number);
  }

  public Collection<ChunkNumber> chunks() {
    return byChunk.keySet();
  }

  public void begin(TransferTask task, WorkerTransfers to) {
    byId.put(task.id(), new Going(task));
    to.begin(task);
    task.chunk()
        .ifPresent(
            entry -> byChunk.computeIfAbsent(entry.number(), key -> new ArrayList<>()).add(task));
  }

  /** Ends a transfer whose copy, if it is one, is not sent again before the worker reports. */
  public void arrive(TransferTask task) {
    end(task);
    WorkerTransfers to = workers.get(task.worker());
    if (to != null && task.entry() != null) {
      to.arrive(task.entry().number());
    }
  }

  /** Counts a transfer as sent by this source, and by no other. */
  public void send(long id, WorkerId source) {
    Going going = byId.get(id);
    if (going != null) {
      going.sendFrom(loads.computeIfAbsent(source, key -> new Load()));
    }
  }

  /** Counts a transfer as sent by nobody. */
  public void stop(long id) {
    Going going = byId.get(id);
    if (going != null) {
      going.sendFrom(null);
    }
  }

  /** Reports whether a source sends a transfer now. */
  public boolean isSent(long id) {
    Going going = byId.get(id);
    return going != null && going.load != null;
  }

  /** Returns how many transfers a source sends now. */
  public int sentBy(WorkerId source) {
    Load load = loads.get(source);
    return load == null ? 0 : load.sent;
  }

  /** Counts a copy as one that failed and waits. */
  public void hasFailed(TransferTask task) {
    SliceEntry entry = task.entry();
    if (entry != null) {
      Map<ChunkNumber, Long> all = failed.computeIfAbsent(task.worker(), key -> new HashMap<>());
      Long before = all.put(entry.number(), entry.sizeBytes());
      failedBytes += entry.sizeBytes() - (before == null ? 0 : before);
    }
  }

  /** Counts a copy as such no longer: it goes again, or is not wanted any more. */
  public void triesAgain(TransferTask task) {
    Map<ChunkNumber, Long> all = failed.get(task.worker());
    Long before = all == null || task.entry() == null ? null : all.remove(task.entry().number());
    failedBytes -= before == null ? 0 : before;
    if (all != null && all.isEmpty()) {
      failed.remove(task.worker());
    }
  }

  /** Returns the bytes of copies of which a transfer failed and that wait for the next one. */
  public long failedBytes() {
    return failedBytes;
  }

  /** Ends a transfer. */
  public void end(TransferTask task) {
    Going going = byId.remove(task.id());
    if (going != null) {
      going.sendFrom(null);
    }
    WorkerTransfers to = workers.get(task.worker());
    if (to != null) {
      to.end(task);
    }
    SliceEntry entry = task.entry();
    List<TransferTask> others = entry == null ? null : byChunk.get(entry.number());
    if (entry != null && others != null && others.remove(task)) {
      touched.add(entry.number());
      if (others.isEmpty()) {
        byChunk.remove(entry.number());
      }
    }
  }

  /** Returns the chunks to look at, for callers to add to. */
  public Set<ChunkNumber> touched() {
    return touched;
  }

  public Set<ChunkNumber> takeTouched() {
    Set<ChunkNumber> all = new LinkedHashSet<>(touched);
    touched.clear();
    return all;
  }
}
