package dev.stowage.client;

import dev.stowage.Transfers;
import dev.stowage.client.transfers.TransferWire;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Running and failed fetches of a worker. Not thread-safe, except for their ends. */
final class Downloads {
  private final WorkerDisk disk;
  private final ClientConfig config;
  private final Exchange pauses;
  private final Map<ChunkNumber, Running> running = new HashMap<>();
  private final Map<ChunkNumber, Failing> failing = new HashMap<>();
  private final Queue<Come> ends = new ConcurrentLinkedQueue<>();
  private long givenUp;

  private record Running(Download download, long began, long job) {}

  private record Failing(int inRow, long until) {}

  private record Come(Running of, @Nullable Throwable failure) {}

  // Job 0 is none.
  record End(SliceEntry entry, TransferWire.Ended job) {}

  Downloads(WorkerDisk disk, ClientConfig config, Exchange pauses) {
    this.disk = disk;
    this.config = config;
    this.pauses = pauses;
  }

  int count() {
    return running.size();
  }

  List<Long> jobs() {
    return running.values().stream().map(Running::job).filter(job -> job != 0).toList();
  }

  int room() {
    return Math.max(0, config.downloads() - running.size());
  }

  boolean isRunning(ChunkNumber number) {
    return running.containsKey(number);
  }

  long givenUp() {
    return givenUp;
  }

  boolean mayTry(ChunkNumber number, long now) {
    Failing before = failing.get(number);
    return !running.containsKey(number) && (before == null || now >= before.until);
  }

  void begin(SliceEntry entry, TransferWire.@Nullable Job job, long now) {
    List<WorkerId> sources = job == null ? List.of() : job.sources();
    Download download = new Download(entry, sources, job == null ? 0 : job.goodBytes());
    Running next = new Running(download, now, job == null ? 0 : job.id());
    running.put(entry.number(), next);
    try {
      disk.fetch(download).whenComplete((any, failure) -> ends.add(new Come(next, failure)));
    } catch (RuntimeException thrown) {
      ends.add(new Come(next, thrown));
    }
  }

  List<End> cancelUnless(Predicate<ChunkNumber> isWanted) {
    List<End> stopped = new ArrayList<>();
    for (Running each : List.copyOf(running.values())) {
      if (!isWanted.test(each.download.entry().number())) {
        stopped.add(stop(each, "the slice no longer names the chunk", each.began));
      }
    }
    failing.keySet().removeIf(number -> !isWanted.test(number));
    return stopped;
  }

  private End stop(Running each, String why, long now) {
    each.download.cancel();
    running.remove(each.download.entry().number());
    return end(each, now, Transfers.Outcome.STALLED, each.download.goodBytes(), why);
  }

  List<End> settle(long now) {
    List<End> settled = new ArrayList<>();
    for (Come come = ends.poll(); come != null; come = ends.poll()) {
      settle(come, settled, now);
    }
    for (Running each : List.copyOf(running.values())) {
      if (now - each.began >= config.downloadTimeoutNanos()) {
        failed(each.download.entry().number(), now);
        settled.add(stop(each, "the download took longer than download_timeout_nanos", now));
      }
    }
    return settled;
  }

  private void settle(Come come, List<End> into, long now) {
    SliceEntry entry = come.of.download.entry();
    ChunkNumber number = entry.number();
    boolean isCurrent = running.remove(number, come.of);
    Throwable failure = come.failure;
    if (failure == null) {
      failing.remove(number);
      into.add(end(come.of, now, Transfers.Outcome.ARRIVED, entry.sizeBytes(), ""));
    } else if (isCurrent) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      failed(number, now);
      boolean isPart = cause instanceof Download.Partly;
      long good = isPart ? ((Download.Partly) cause).goodBytes() : 0;
      Transfers.Outcome outcome = isPart ? Transfers.Outcome.DAMAGED : Transfers.Outcome.FAILED;
      into.add(end(come.of, now, outcome, good, String.valueOf(cause)));
    }
  }

  private static End end(
      Running of, long now, Transfers.Outcome outcome, long bytes, String reason) {
    long nanos = Math.max(outcome == Transfers.Outcome.ARRIVED ? 1 : 0, now - of.began);
    Optional<WorkerId> source = of.download.source();
    return new End(
        of.download.entry(), new TransferWire.Ended(of.job, outcome, source, bytes, nanos, reason));
  }

  private void failed(ChunkNumber number, long now) {
    Failing before = failing.get(number);
    int inRow = before == null ? 1 : before.inRow + 1;
    boolean isOver = inRow >= config.downloadAttempts();
    givenUp += isOver ? 1 : 0;
    long pause = isOver ? config.giveUpNanos() : pauses.pause(inRow - 1, number.counter());
    failing.put(number, new Failing(isOver ? 0 : inRow, now + pause));
  }
}
