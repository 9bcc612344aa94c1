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
  private final Map<Long, TransferTask> byId = new HashMap<>();

  private final Map<ChunkNumber, List<TransferTask>> byChunk = new HashMap<>();

  /** Who sends what was handed out. */
  private final Map<Long, WorkerId> sources = new HashMap<>();

  private final Map<WorkerId, Integer> sentBy = new HashMap<>();

  private final Set<ChunkNumber> touched = new LinkedHashSet<>();

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
  }

  /** Follows every whole slice next, whatever was followed before. */
  public void followAll() {
    workers.values().forEach(WorkerTransfers::followAll);
  }

  public void forgetArrivals() {
    workers.values().forEach(WorkerTransfers::forgetArrivals);
  }

  public @Nullable TransferTask task(long id) {
    return byId.get(id);
  }

  public List<TransferTask> tasks() {
    return List.copyOf(byId.values());
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
    byId.put(task.id(), task);
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
      to.arrive(task.entry().number(), task.missingSince());
    }
  }

  /** Counts a transfer as sent by this source, and by no other. */
  public void send(long id, WorkerId source) {
    stop(id);
    sources.put(id, source);
    sentBy.merge(source, 1, Integer::sum);
  }

  /** Counts a transfer as sent by nobody. */
  public void stop(long id) {
    WorkerId source = sources.remove(id);
    if (source != null) {
      sentBy.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  public boolean isSent(long id) {
    return sources.containsKey(id);
  }

  /** Returns how many transfers a source sends now. */
  public int sentBy(WorkerId source) {
    return sentBy.getOrDefault(source, 0);
  }

  /** Ends a transfer. */
  public void end(TransferTask task) {
    byId.remove(task.id());
    stop(task.id());
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
