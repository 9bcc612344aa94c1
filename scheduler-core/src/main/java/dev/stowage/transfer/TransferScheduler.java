package dev.stowage.transfer;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.Resource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which chunk of which object is sent next: priority first, then score, then offset, then
 * object. Chunks stay sorted; only those whose deadline comes nearer are sorted again, when it
 * does. A chunk is queued once, tried a bounded number of times, and counted once. A decision costs
 * the logarithm of what waits, also where most of it does not fit or may not be sent.
 *
 * <p>Belongs to one thread at a time.
 */
public final class TransferScheduler implements Replayable {
  static final String PART = "transfer-scheduler";

  /** Objects with something in flight at most. */
  public static final int MAX_TRANSFERS = 16;

  /** Above this pressure of the processors nothing is sent. */
  public static final double CPU_LIMIT = 0.8;

  /** Above this pressure of the disk nothing is sent. */
  public static final double DISK_LIMIT = 0.7;

  /** Attempts after the first. */
  public static final int MAX_RETRIES = 3;

  /** Decisions remembered at most; when there are more, the oldest {@value #HISTORY_TRIM} go. */
  public static final int HISTORY_LIMIT = 10_000;

  /** Decisions that are forgotten at once. */
  public static final int HISTORY_TRIM = 1_000;

  private static final double GIB = 1L << 30;

  private final Map<Key, Entry> byKey = new HashMap<>();
  private final CostOrder<Entry> queue = newOrder();

  /** The same by object: when all transfers are busy, only theirs may be sent. */
  private final HashMap<Long, CostOrder<Entry>> queueOf = new HashMap<>();

  private final TreeSet<Entry> changes = new TreeSet<>(Entry.FIRST_CHANGE);
  private final TreeMap<Long, Integer> inFlightOf = new TreeMap<>(Long::compareUnsigned);
  private final ArrayDeque<Decided> history = new ArrayDeque<>();
  private int inFlight;
  private long wastedBytes;
  private long completedBytes;
  private double cpuSeconds;
  private long decisions;

  private final RecordWriter records;

  /** Nothing is queued. */
  public TransferScheduler() {
    this(RecordWriter.none());
  }

  private TransferScheduler(RecordWriter records) {
    this.records = records;
  }

  /** Nothing is queued; everything is recorded. */
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

  /** The answer to "what is sent next?" */
  public sealed interface Answer {
    /**
     * This is sent.
     *
     * @param chunk the chunk
     * @param score what it was worth
     */
    record Send(TransferChunk chunk, double score) implements Answer {}

    /** The processors or the disk are too busy. */
    record Throttled() implements Answer {}

    /** Too much is in flight. */
    record Saturated() implements Answer {}

    /** Something waits, but nothing that fits the budget and the number of transfers. */
    record NothingFits() implements Answer {}

    /** Nothing waits. */
    record Idle() implements Answer {}
  }

  /**
   * A decision.
   *
   * @param sequence 0 for the first
   * @param object the object
   * @param offset the chunk's place in it
   * @param score what it was worth
   * @param atNanos when
   */
  public record Decided(long sequence, long object, long offset, double score, long atNanos) {}

  /** What became of a failed chunk. */
  public enum Failure {
    /** It is queued again. */
    RETRY,
    /** It failed too often. */
    GIVEN_UP,
    /** It is not in flight. */
    UNKNOWN
  }

  /** Queues a chunk. Returns false, changing nothing, if it is queued or in flight already. */
  public boolean offer(TransferChunk chunk, long nowNanos) {
    if (records.isOn()) {
      TransferRecords.chunk(records.begin().u64(nowNanos), chunk);
      records.end(TransferRecords.OFFERED);
    }
    Entry entry = new Entry(chunk);
    boolean isNew = byKey.putIfAbsent(entry.key(), entry) == null;
    if (isNew) {
      enqueue(entry, nowNanos);
    }
    return accepted(isNew);
  }

  private boolean accepted(boolean yes) {
    if (records.isOn()) {
      records.begin().u8(yes ? 1 : 0);
      records.end(TransferRecords.ACCEPTED);
    }
    return yes;
  }

  /**
   * What is sent next.
   *
   * @param budget what {@link TransferFormulas#budgetCost} may be at most
   */
  public Answer next(PressureSnapshot pressure, long budget, long nowNanos) {
    if (records.isOn()) {
      recordAsked(pressure, budget, nowNanos);
    }
    Answer answer = choose(pressure, budget, nowNanos);
    if (records.isOn()) {
      record(answer);
    }
    return answer;
  }

  private void recordAsked(PressureSnapshot pressure, long budget, long nowNanos) {
    CanonicalWriter out = records.begin().u64(nowNanos);
    pressure.writeTo(out);
    out.u64(budget);
    records.end(TransferRecords.ASKED);
  }

  private void record(Answer answer) {
    if (answer instanceof Answer.Send send) {
      CanonicalWriter out = records.begin().u64(send.chunk().object()).u64(send.chunk().offset());
      RecordWriter.anyDouble(out, send.score());
      records.end(TransferRecords.SENT);
      return;
    }
    int why =
        answer instanceof Answer.Throttled
            ? 0
            : answer instanceof Answer.Saturated ? 1 : answer instanceof Answer.NothingFits ? 2 : 3;
    records.begin().u8(why);
    records.end(TransferRecords.HELD);
  }

  private Answer choose(PressureSnapshot pressure, long budget, long nowNanos) {
    if (pressure.reading(Resource.CPU) > CPU_LIMIT
        || pressure.reading(Resource.DISK) > DISK_LIMIT) {
      return new Answer.Throttled();
    }
    if (inFlight >= TransferFormulas.MAX_IN_FLIGHT) {
      return new Answer.Saturated();
    }
    sortAgain(nowNanos);
    Entry best = best(budget);
    if (best != null) {
      return send(best, nowNanos);
    }
    return queue.isEmpty() ? new Answer.Idle() : new Answer.NothingFits();
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

  private Answer send(Entry entry, long nowNanos) {
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
    return new Answer.Send(entry.chunk, entry.score);
  }

  /**
   * A chunk has arrived. Returns false, counting nothing, if it is not in flight.
   *
   * @param cpuSeconds processor time that it took, finite and at least 0
   */
  public boolean complete(long object, long offset, double cpuSeconds) {
    if (!(cpuSeconds >= 0) || Double.isInfinite(cpuSeconds)) {
      throw new IllegalArgumentException("cpuSeconds is " + cpuSeconds + "; finite, at least 0");
    }
    if (records.isOn()) {
      RecordWriter.anyDouble(records.begin().u64(object).u64(offset), cpuSeconds);
      records.end(TransferRecords.COMPLETED);
    }
    Entry entry = takeFromFlight(object, offset);
    if (entry == null) {
      return accepted(false);
    }
    byKey.remove(entry.key());
    completedBytes = SaturatedSum.of(completedBytes, entry.chunk.sizeBytes());
    this.cpuSeconds += cpuSeconds;
    return accepted(true);
  }

  /**
   * A chunk did not arrive: its bytes are wasted, and it is queued again unless it failed too
   * often.
   */
  public Failure fail(long object, long offset, long nowNanos) {
    if (records.isOn()) {
      records.begin().u64(object).u64(offset).u64(nowNanos);
      records.end(TransferRecords.FAILED);
    }
    Failure failure = failed(object, offset, nowNanos);
    if (records.isOn()) {
      records.begin().u8(failure.ordinal());
      records.end(TransferRecords.FAILURE);
    }
    return failure;
  }

  private Failure failed(long object, long offset, long nowNanos) {
    Entry entry = takeFromFlight(object, offset);
    if (entry == null) {
      return Failure.UNKNOWN;
    }
    wastedBytes = SaturatedSum.of(wastedBytes, entry.chunk.sizeBytes());
    if (++entry.failures > MAX_RETRIES) {
      byKey.remove(entry.key());
      return Failure.GIVEN_UP;
    }
    entry.sent = false;
    enqueue(entry, nowNanos);
    return Failure.RETRY;
  }

  /** Takes a chunk back that was not sent yet. Returns whether it was queued. */
  public boolean withdraw(long object, long offset) {
    if (records.isOn()) {
      records.begin().u64(object).u64(offset);
      records.end(TransferRecords.WITHDRAWN);
    }
    Entry entry = byKey.get(new Key(object, offset));
    if (entry == null || entry.sent) {
      return accepted(false);
    }
    dequeue(entry);
    byKey.remove(entry.key());
    return accepted(true);
  }

  /** Chunks that wait. */
  public int pendingCount() {
    return queue.size();
  }

  /** Chunks in flight. */
  public int inFlightCount() {
    return inFlight;
  }

  /** Chunks of an object in flight. */
  public int inFlightCount(long object) {
    return inFlightOf.getOrDefault(object, 0);
  }

  /** Bytes of attempts that failed. */
  public long wastedBytes() {
    return wastedBytes;
  }

  /** Processor seconds per gibibyte of what arrived; 0 before anything did. */
  public double cpuSecondsPerGib() {
    return completedBytes == 0 ? 0 : cpuSeconds / (completedBytes / GIB);
  }

  /** The latest decisions, oldest first. */
  public List<Decided> history() {
    return List.copyOf(history);
  }

  /** What a log must begin with for such a scheduler to be run again. */
  public static EvidenceHeader header(String libraryVersion) {
    return PartHeader.of(PART, new CanonicalWriter(), libraryVersion);
  }

  /** Makes fresh schedulers, for replay. */
  public static Factory factory() {
    return (header, log) -> {
      PartHeader.settingsOf(header, PART).end();
      return recording(log);
    };
  }

  @Override
  public void replay(EvidenceRecord input) {
    CanonicalReader in = input.reader();
    if (input.is(TransferRecords.OFFERED)) {
      long at = in.u64();
      offer(TransferRecords.chunk(in), at);
    } else if (input.is(TransferRecords.ASKED)) {
      long at = in.u64();
      PressureSnapshot pressure = PressureSnapshot.read(in);
      next(pressure, in.u64(), at);
    } else if (input.is(TransferRecords.COMPLETED)) {
      complete(in.u64(), in.u64(), RecordWriter.anyDouble(in));
    } else if (input.is(TransferRecords.FAILED)) {
      fail(in.u64(), in.u64(), in.u64());
    } else if (input.is(TransferRecords.WITHDRAWN)) {
      withdraw(in.u64(), in.u64());
    } else {
      throw new EvidenceException.UnknownType(input.index(), input.wire());
    }
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
