package dev.stowage.client;

import dev.stowage.StowageService;
import dev.stowage.Transfers;
import dev.stowage.model.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps the transfers of workers until they have reported the ends. Thread-safe. */
final class TransferDesk implements StowageService.Sender {
  private static final int MOST = 1_024;

  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final StowageService service;
  private final Transfers transfers;
  private final Map<WorkerId, Tray> trays = new HashMap<>();

  private static final class Tray {
    final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    long askedAt = Long.MIN_VALUE;
  }

  private record Waiting(Transfers.Transfer transfer, Wire.Job job) {}

  TransferDesk(StowageService service, Transfers transfers) {
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
    Tray tray = trays.computeIfAbsent(transfer.worker(), any -> new Tray());
    if (tray.waiting.size() >= MOST) {
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
    Tray tray = trays.computeIfAbsent(question.worker(), any -> new Tray());
    tray.askedAt = nowNanos;
    question.ended().forEach(ended -> end(question.worker(), tray, ended));
    failSilent(nowNanos);
    if (!tray.waiting.isEmpty()) {
      service.submit(now -> drop(tray));
    }
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

  private synchronized boolean drop(Tray tray) {
    return tray.waiting.keySet().removeIf(id -> !transfers.isUnderWay(id));
  }

  // The end is submitted first: otherwise the transfer would never go again.
  private boolean take(
      WorkerId worker, Transfers.Transfer transfer, Wire.Ended ended, long nowNanos) {
    long id = ended.id();
    switch (ended.outcome()) {
      case ARRIVED -> transfers.arrived(id);
      case DAMAGED -> {
        long size = transfer.chunk().orElseThrow().sizeBytes();
        transfers.damaged(
            id, Math.min(ended.bytes(), Math.max(0, size - 1)), ended.reason(), nowNanos);
      }
      case FAILED, STALLED -> transfers.failed(id, ended.reason(), nowNanos);
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
    for (Tray tray : trays.values()) {
      if (tray.askedAt == Long.MIN_VALUE) {
        tray.askedAt = nowNanos;
      }
      if (nowNanos - tray.askedAt >= PATIENCE_NANOS) {
        tray.askedAt = nowNanos;
        for (long id : tray.waiting.keySet()) {
          service.submit(now -> transfers.failed(id, "the worker asks for no transfers", now));
        }
        tray.waiting.clear();
      }
    }
  }
}
