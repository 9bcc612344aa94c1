package dev.stowage.client;

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
final class TransferDoor implements StowageService.Sender {
  private static final int MOST = 1_024;

  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final StowageService service;
  private final Transfers transfers;
  private final Map<WorkerId, Tray> trays = new HashMap<>();

  // In the order of their last questions.
  private final Map<WorkerId, Tray> asking = new LinkedHashMap<>();

  // Those that have not asked since they were made, at a time unknown.
  private final Map<WorkerId, Tray> unasked = new LinkedHashMap<>();

  private long looked;

  private static final class Tray {
    final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    long askedAt;
  }

  private record Waiting(Transfers.Transfer transfer, Wire.Job job) {}

  TransferDoor(StowageService service, Transfers transfers) {
    this.service = service;
    this.transfers = transfers;
  }

  @Override
  public synchronized boolean send(Transfers.ToSend item) {
    if (!(item instanceof Transfers.Transfer transfer) || transfer.chunk().isEmpty()) {
      long id = item.id();
      service.submit(now -> transfers.arrived(id));
      return true;
    }
    Tray tray = trays.get(transfer.worker());
    if (tray == null) {
      tray = new Tray();
      trays.put(transfer.worker(), tray);
      unasked.put(transfer.worker(), tray);
    } else if (tray.waiting.size() >= MOST) {
      return false;
    }
    Wire.Job job =
        new Wire.Job(
            transfer.id(),
            transfer.chunk().get().number(),
            transfer.sources(),
            transfers.goodBytes(transfer.id()));
    tray.waiting.put(transfer.id(), new Waiting(transfer, job));
    return true;
  }

  synchronized Wire.ToldTransfers ask(Wire.AskTransfers question, long nowNanos) {
    question.ended().forEach(Wire.Ended.SHAPE::checked);
    WorkerId worker = question.worker();
    Tray tray = trays.get(worker);
    if (tray != null) {
      heard(worker, tray, nowNanos);
      question.ended().forEach(ended -> end(worker, tray, ended));
      dropIfEmpty(worker, tray);
    }
    failSilent(nowNanos);
    if (tray == null || tray.waiting.isEmpty()) {
      return new Wire.ToldTransfers(List.of());
    }
    service.submit(now -> drop(worker, tray));
    Set<Long> known = new HashSet<>(question.running());
    List<Wire.Job> jobs = new ArrayList<>();
    for (Waiting each : tray.waiting.values()) {
      if (jobs.size() < question.room() && !known.contains(each.job.id())) {
        jobs.add(each.job);
      }
    }
    return new Wire.ToldTransfers(jobs);
  }

  private void end(WorkerId worker, Tray tray, Wire.Ended ended) {
    Waiting of = tray.waiting.remove(ended.id());
    if (of != null) {
      service.submit(now -> take(worker, of.transfer, ended, now));
    }
  }

  private void heard(WorkerId worker, Tray tray, long nowNanos) {
    tray.askedAt = nowNanos;
    unasked.remove(worker);
    asking.remove(worker);
    asking.put(worker, tray);
  }

  private void dropIfEmpty(WorkerId worker, Tray tray) {
    if (tray.waiting.isEmpty() && trays.remove(worker, tray)) {
      asking.remove(worker);
      unasked.remove(worker);
    }
  }

  private synchronized boolean drop(WorkerId worker, Tray tray) {
    boolean isDropped = tray.waiting.keySet().removeIf(id -> !transfers.isUnderWay(id));
    dropIfEmpty(worker, tray);
    return isDropped;
  }

  // The end is submitted first: otherwise the transfer would never go again.
  private boolean take(
      WorkerId worker, Transfers.Transfer transfer, Wire.Ended ended, long nowNanos) {
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

  private void failSilent(long nowNanos) {
    for (WorkerId worker : List.copyOf(unasked.keySet())) {
      looked++;
      heard(worker, Objects.requireNonNull(unasked.get(worker)), nowNanos);
    }
    Iterator<Map.Entry<WorkerId, Tray>> oldest = asking.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<WorkerId, Tray> next = oldest.next();
      looked++;
      if (nowNanos - next.getValue().askedAt < PATIENCE_NANOS) {
        return;
      }
      for (long id : next.getValue().waiting.keySet()) {
        service.submit(now -> transfers.failed(id, "the worker asks for no transfers", now));
      }
      next.getValue().waiting.clear();
      trays.remove(next.getKey());
      oldest.remove();
    }
  }

  /** Returns the number of workers of which something is kept. */
  synchronized int size() {
    return trays.size();
  }

  /** Returns how often a worker was looked at for its silence. */
  synchronized long looked() {
    return looked;
  }
}
