package dev.stowage.client.transfers;

import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.columns.ForeignText;
import dev.stowage.model.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps the transfers of workers until they have reported the ends: nothing stays of a worker for
 * which none waits. Thread-safe.
 */
public final class TransferDoor implements Transfers.Sender {
  private static final int MOST_ROOM = 1 << 20;

  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  // The most that counts of the time between two questions: a process that stood still heard
  // nobody, and that is not the silence of a worker.
  private static final long MOST_PAUSE_NANOS = PATIENCE_NANOS * 2 / 3;

  private final StowageService service;
  private final Transfers transfers;
  private final Map<WorkerId, Jobs> all = new HashMap<>();

  // In the order of their last questions.
  private final Map<WorkerId, Jobs> asking = new LinkedHashMap<>();

  // Those that have not asked since they were made, at a time unknown.
  private final Map<WorkerId, Jobs> unasked = new LinkedHashMap<>();

  private long looked;
  private long askedLast;
  private long passed;

  private static final class Jobs {
    final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    long askedAt;
    int room;
  }

  private record Waiting(Transfers.Transfer transfer, TransferWire.Job job) {}

  /** Creates a door for a service's transfers, whose sender it is to become. */
  public TransferDoor(StowageService service, Transfers transfers) {
    this.service = service;
    this.transfers = transfers;
  }

  @Override
  public synchronized void send(Transfers.ToSend item) {
    if (!(item instanceof Transfers.Transfer transfer) || transfer.chunk().isEmpty()) {
      long id = item.id();
      service.submit(now -> transfers.arrived(id));
      return;
    }
    Jobs jobs = all.get(transfer.worker());
    if (jobs == null) {
      jobs = new Jobs();
      all.put(transfer.worker(), jobs);
      unasked.put(transfer.worker(), jobs);
    }
    TransferWire.Job job =
        new TransferWire.Job(
            transfer.id(),
            transfer.chunk().get().number(),
            transfer.sources(),
            transfers.goodBytes(transfer.id()));
    jobs.waiting.put(transfer.id(), new Waiting(transfer, job));
  }

  /** Takes in the ends that a worker reports, and returns what it is to run. */
  public synchronized TransferWire.ToldTransfers ask(
      TransferWire.AskTransfers question, long nowNanos) {
    question.ended().forEach(TransferWire.Ended.SHAPE::checked);
    passed += Math.max(0, Math.min(nowNanos - askedLast, MOST_PAUSE_NANOS));
    askedLast = nowNanos;
    WorkerId worker = question.worker();
    Jobs jobs = all.get(worker);
    if (jobs != null) {
      heard(worker, jobs);
      tellRoom(worker, jobs, Math.min(question.room(), MOST_ROOM) + question.running().size());
      question.ended().forEach(ended -> end(worker, jobs, ended));
      dropIfEmpty(worker, jobs);
    }
    failSilent();
    if (jobs == null) {
      return new TransferWire.ToldTransfers(List.of());
    }
    if (!jobs.waiting.isEmpty()) {
      service.submit(now -> drop(worker, jobs, now));
    }
    Set<Long> known = new HashSet<>(question.running());
    List<TransferWire.Job> told = new ArrayList<>();
    for (Waiting each : jobs.waiting.values()) {
      if (told.size() < question.room() && !known.contains(each.job.id())) {
        told.add(each.job);
      }
    }
    if (told.size() < question.room()) {
      service.submit(now -> {
        transfers.idles(worker);
        return true;
      });
    }
    return new TransferWire.ToldTransfers(told);
  }

  private void tellRoom(WorkerId worker, Jobs jobs, int room) {
    if (room > 0 && room != jobs.room) {
      jobs.room = room;
      service.submit(now -> {
        transfers.room(worker, room);
        return true;
      });
    }
  }

  private void end(WorkerId worker, Jobs jobs, TransferWire.Ended ended) {
    Waiting of = jobs.waiting.remove(ended.id());
    if (of != null) {
      service.submit(now -> take(worker, of.transfer, ended, now));
    }
  }

  private void heard(WorkerId worker, Jobs jobs) {
    jobs.askedAt = passed;
    unasked.remove(worker);
    asking.remove(worker);
    asking.put(worker, jobs);
  }

  private void dropIfEmpty(WorkerId worker, Jobs jobs) {
    if (jobs.waiting.isEmpty() && all.remove(worker, jobs)) {
      asking.remove(worker);
      unasked.remove(worker);
    }
  }

  // What was cancelled on its way ends here, whatever the worker makes of it.
  private synchronized boolean drop(WorkerId worker, Jobs jobs, long nowNanos) {
    for (long id : List.copyOf(jobs.waiting.keySet())) {
      if (!transfers.isUnderWay(id)) {
        jobs.waiting.remove(id);
        transfers.failed(id, "cancelled", nowNanos);
      }
    }
    dropIfEmpty(worker, jobs);
    return true;
  }

  // The end is submitted first: otherwise the transfer would never go again.
  private boolean take(
      WorkerId worker, Transfers.Transfer transfer, TransferWire.Ended ended, long nowNanos) {
    long id = ended.id();
    String reason = ForeignText.message(ended.reason());
    switch (ended.outcome()) {
      case ARRIVED -> transfers.arrived(id);
      case DAMAGED -> {
        long size = transfer.chunk().orElseThrow().sizeBytes();
        transfers.damaged(id, Math.min(ended.bytes(), Math.max(0, size - 1)), reason, nowNanos);
      }
      case FAILED, STALLED -> transfers.failed(id, reason, nowNanos);
    }
    if (ended.nanos() > 0) {
      Optional<WorkerId> source = ended.source().filter(it -> !it.equals(worker));
      long bytes = ended.bytes();
      long nanos = ended.nanos();
      if (source.isPresent()) {
        transfers.observed(source.get(), worker, bytes, nanos, ended.outcome(), nowNanos);
      } else {
        transfers.observedFromOrigin(worker, bytes, nanos, ended.outcome(), nowNanos);
      }
    }
    return true;
  }

  private void failSilent() {
    for (WorkerId worker : List.copyOf(unasked.keySet())) {
      looked++;
      heard(worker, Objects.requireNonNull(unasked.get(worker)));
    }
    Iterator<Map.Entry<WorkerId, Jobs>> oldest = asking.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<WorkerId, Jobs> next = oldest.next();
      looked++;
      if (passed - next.getValue().askedAt < PATIENCE_NANOS) {
        return;
      }
      for (long id : next.getValue().waiting.keySet()) {
        service.submit(now -> transfers.failed(id, "the worker asks for no transfers", now));
      }
      next.getValue().waiting.clear();
      all.remove(next.getKey());
      oldest.remove();
    }
  }

  /** Returns the number of workers with something kept. */
  public synchronized int size() {
    return all.size();
  }

  /** Returns how often a worker was looked at for its silence. */
  public synchronized long looked() {
    return looked;
  }
}
