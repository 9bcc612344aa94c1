package dev.stowage.transfer;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.PartKind.NoSettings;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.Resource;
import dev.stowage.transfer.TransferRecords.Accepted;
import dev.stowage.transfer.TransferRecords.Asked;
import dev.stowage.transfer.TransferRecords.Completed;
import dev.stowage.transfer.TransferRecords.Ended;
import dev.stowage.transfer.TransferRecords.Failed;
import dev.stowage.transfer.TransferRecords.Held;
import dev.stowage.transfer.TransferRecords.Input;
import dev.stowage.transfer.TransferRecords.Offered;
import dev.stowage.transfer.TransferRecords.Outcome;
import dev.stowage.transfer.TransferRecords.Sent;
import dev.stowage.transfer.TransferRecords.Why;
import dev.stowage.transfer.TransferRecords.Withdrawn;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Chooses the next chunk in logarithmic time: priority, score, offset, object. Not thread-safe. */
public final class TransferScheduler {
  private static final PartKind<NoSettings> KIND =
      new PartKind<>(
          "transfer-scheduler",
          TransferRecords.ALL,
          NoSettings.SHAPE,
          (none, log) -> recording(log).shell);

  /** The most objects with chunks in flight. */
  public static final int MAX_TRANSFERS = 16;

  /** The pressure of the processors above which nothing is sent. */
  public static final double CPU_LIMIT = 0.8;

  /** The pressure of the disk above which nothing is sent. */
  public static final double DISK_LIMIT = 0.7;

  public static final int MAX_RETRIES = 3;

  /** The most decisions in the history; beyond it the oldest {@value #HISTORY_TRIM} go. */
  public static final int HISTORY_LIMIT = 10_000;

  public static final int HISTORY_TRIM = 1_000;

  private static final double GIB = 1L << 30;

  private final Map<Key, Entry> byKey = new HashMap<>();
  private final CostOrder<Entry> queue = newOrder();

  /** The queue by object: at {@link #MAX_TRANSFERS}, only objects in flight may send. */
  private final HashMap<Long, CostOrder<Entry>> queueOf = new HashMap<>();

  private final TreeSet<Entry> changes = new TreeSet<>(Entry.FIRST_CHANGE);
  private final TreeMap<Long, Integer> inFlightOf = new TreeMap<>(Long::compareUnsigned);
  private final ArrayDeque<Decided> history = new ArrayDeque<>();
  private int inFlight;
  private long wastedBytes;
  private long completedBytes;
  private double cpuSeconds;
  private long decisions;

  private final Recorded<Input, Outcome> shell;

  public TransferScheduler() {
    this(RecordWriter.none());
  }

  private TransferScheduler(RecordWriter log) {
    shell = new Recorded<>(log, TransferRecords.ALL, this::apply);
  }

  public static TransferScheduler recording(EvidenceLog log) {
    return new TransferScheduler(RecordWriter.into(log));
  }

  private record Key(long object, long offset) {}

  private static final class Entry {
    static final Comparator<Entry> BEST_FIRST =
        Comparator.<Entry, TransferPriority>comparing(e -> e.chunk.priority())
            .thenComparing((a, b) -> Double.compare(b.score, a.score))
            .thenComparingLong(e -> e.chunk.offset())
            .thenComparing(e -> e.chunk.object(), Long::compareUnsigned);
    static final Comparator<Entry> FIRST_CHANGE =
        Comparator.<Entry>comparingLong(e -> e.changesAt).thenComparing(BEST_FIRST);

    final TransferChunk chunk;
    final long cost;
    double score;
    long changesAt;
    int failures;
    boolean sent;

    Entry(TransferChunk chunk) {
      this.chunk = chunk;
      this.cost = TransferFormulas.budgetCost(chunk);
    }

    Key key() {
      return new Key(chunk.object(), chunk.offset());
    }
  }

  public sealed interface Answer {
    record Send(TransferChunk chunk, double score) implements Answer {}

    record Throttled() implements Answer {}

    record Saturated() implements Answer {}

    /** Something waits, but nothing fits the budget and the number of transfers. */
    record NothingFits() implements Answer {}

    record Idle() implements Answer {}
  }

  public record Decided(long sequence, long object, long offset, double score, long atNanos) {}

  public enum Failure {
    RETRY,
    GIVEN_UP,
    UNKNOWN
  }

  private void apply(Input input, Outcomes<Outcome> to) {
    if (input instanceof Asked asked) {
      to.add(choose(asked));
    } else if (input instanceof Offered offered) {
      Entry entry = new Entry(offered.chunk());
      boolean isNew = byKey.putIfAbsent(entry.key(), entry) == null;
      if (isNew) {
        enqueue(entry, offered.atNanos());
      }
      to.add(new Accepted(isNew));
    } else if (input instanceof Completed completed) {
      to.add(new Accepted(isCompleted(completed)));
    } else if (input instanceof Failed failed) {
      to.add(new Ended(failed(failed)));
    } else if (input instanceof Withdrawn withdrawn) {
      to.add(new Accepted(isWithdrawn(withdrawn)));
    }
  }

  private boolean isAccepted(Input input) {
    return ((Accepted) shell.answer(input)).accepted();
  }

  /** Queues a chunk; returns false if it is queued or in flight already. */
  public boolean offer(TransferChunk chunk, long nowNanos) {
    return isAccepted(new Offered(nowNanos, chunk));
  }

  /** Chooses the next chunk whose {@link TransferFormulas#budgetCost} is within {@code budget}. */
  public Answer next(PressureSnapshot pressure, long budget, long nowNanos) {
    Outcome outcome = shell.answer(new Asked(nowNanos, pressure, budget));
    return outcome instanceof Sent sent
        ? new Answer.Send(chunk(sent), sent.score())
        : answer(((Held) outcome).why());
  }

  private static Answer answer(Why why) {
    return switch (why) {
      case THROTTLED -> new Answer.Throttled();
      case SATURATED -> new Answer.Saturated();
      case NOTHING_FITS -> new Answer.NothingFits();
      case IDLE -> new Answer.Idle();
    };
  }

  private TransferChunk chunk(Sent sent) {
    return Objects.requireNonNull(byKey.get(new Key(sent.object(), sent.offset()))).chunk;
  }

  private Outcome choose(Asked asked) {
    if (asked.pressure().reading(Resource.CPU) > CPU_LIMIT
        || asked.pressure().reading(Resource.DISK) > DISK_LIMIT) {
      return new Held(Why.THROTTLED);
    }
    if (inFlight >= TransferFormulas.MAX_IN_FLIGHT) {
      return new Held(Why.SATURATED);
    }
    sortAgain(asked.atNanos());
    Entry best = best(asked.budget());
    if (best != null) {
      return send(best, asked.atNanos());
    }
    return new Held(queue.isEmpty() ? Why.IDLE : Why.NOTHING_FITS);
  }

  private @Nullable Entry best(long budget) {
    if (inFlightOf.size() < MAX_TRANSFERS) {
      return queue.firstWithin(budget);
    }
    Entry best = null;
    for (long object : inFlightOf.keySet()) {
      CostOrder<Entry> waiting = queueOf.get(object);
      Entry entry = waiting == null ? null : waiting.firstWithin(budget);
      if (entry != null && (best == null || Entry.BEST_FIRST.compare(entry, best) < 0)) {
        best = entry;
      }
    }
    return best;
  }

  private static CostOrder<Entry> newOrder() {
    return new CostOrder<>(Entry.BEST_FIRST, entry -> entry.cost);
  }

  private Sent send(Entry entry, long nowNanos) {
    dequeue(entry);
    entry.sent = true;
    inFlight++;
    inFlightOf.merge(entry.chunk.object(), 1, Integer::sum);
    history.addLast(
        new Decided(
            decisions++, entry.chunk.object(), entry.chunk.offset(), entry.score, nowNanos));
    if (history.size() > HISTORY_LIMIT) {
      for (int i = 0; i < HISTORY_TRIM; i++) {
        history.removeFirst();
      }
    }
    return new Sent(entry.chunk.object(), entry.chunk.offset(), entry.score);
  }

  /** Completes a chunk in flight; throws for negative or infinite {@code cpuSeconds}. */
  public boolean complete(long object, long offset, double cpuSeconds) {
    if (!(cpuSeconds >= 0) || Double.isInfinite(cpuSeconds)) {
      throw new IllegalArgumentException(
          "cpuSeconds is " + cpuSeconds + "; finite, at least 0 is accepted");
    }
    return isAccepted(new Completed(object, offset, cpuSeconds));
  }

  private boolean isCompleted(Completed completed) {
    Entry entry = takeFromFlight(completed.object(), completed.offset());
    if (entry == null) {
      return false;
    }
    byKey.remove(entry.key());
    completedBytes = SaturatedSum.of(completedBytes, entry.chunk.sizeBytes());
    cpuSeconds += completed.cpuSeconds();
    return true;
  }

  /** Queues a failed chunk again unless it failed too often; its bytes are wasted. */
  public Failure fail(long object, long offset, long nowNanos) {
    return ((Ended) shell.answer(new Failed(object, offset, nowNanos))).failure();
  }

  private Failure failed(Failed failed) {
    Entry entry = takeFromFlight(failed.object(), failed.offset());
    if (entry == null) {
      return Failure.UNKNOWN;
    }
    wastedBytes = SaturatedSum.of(wastedBytes, entry.chunk.sizeBytes());
    if (++entry.failures > MAX_RETRIES) {
      byKey.remove(entry.key());
      return Failure.GIVEN_UP;
    }
    entry.sent = false;
    enqueue(entry, failed.atNanos());
    return Failure.RETRY;
  }

  /** Withdraws a chunk that waits; returns whether it did. */
  public boolean withdraw(long object, long offset) {
    return isAccepted(new Withdrawn(object, offset));
  }

  private boolean isWithdrawn(Withdrawn withdrawn) {
    Entry entry = byKey.get(new Key(withdrawn.object(), withdrawn.offset()));
    if (entry == null || entry.sent) {
      return false;
    }
    dequeue(entry);
    byKey.remove(entry.key());
    return true;
  }

  public int pendingCount() {
    return queue.size();
  }

  public int inFlightCount() {
    return inFlight;
  }

  public int inFlightCount(long object) {
    return inFlightOf.getOrDefault(object, 0);
  }

  /** Returns the bytes of failed attempts. */
  public long wastedBytes() {
    return wastedBytes;
  }

  /** Returns processor seconds per completed GiB; 0 before the first completion. */
  public double cpuSecondsPerGib() {
    return completedBytes == 0 ? 0 : cpuSeconds / (completedBytes / GIB);
  }

  public List<Decided> history() {
    return List.copyOf(history);
  }

  public static EvidenceHeader header(String libraryVersion) {
    return KIND.header(NoSettings.NONE, libraryVersion);
  }

  public static Replayable.Factory factory() {
    return KIND;
  }

  private @Nullable Entry takeFromFlight(long object, long offset) {
    Entry entry = byKey.get(new Key(object, offset));
    if (entry == null || !entry.sent) {
      return null;
    }
    inFlight--;
    inFlightOf.computeIfPresent(object, (key, count) -> count == 1 ? null : count - 1);
    return entry;
  }

  private void enqueue(Entry entry, long nowNanos) {
    entry.score = TransferFormulas.score(entry.chunk, nowNanos);
    entry.changesAt = TransferFormulas.nextBonusChange(entry.chunk.deadlineNanos(), nowNanos);
    queue.add(entry);
    queueOf.computeIfAbsent(entry.chunk.object(), it -> newOrder()).add(entry);
    if (entry.changesAt != Long.MAX_VALUE) {
      changes.add(entry);
    }
  }

  private void dequeue(Entry entry) {
    queue.remove(entry);
    changes.remove(entry);
    CostOrder<Entry> waiting = queueOf.get(entry.chunk.object());
    if (waiting != null) {
      waiting.remove(entry);
      if (waiting.isEmpty()) {
        queueOf.remove(entry.chunk.object());
      }
    }
  }

  private void sortAgain(long nowNanos) {
    while (!changes.isEmpty() && changes.first().changesAt <= nowNanos) {
      Entry entry = changes.first();
      dequeue(entry);
      enqueue(entry, nowNanos);
    }
  }
}
