package dev.stowage.rebalance.passes;

import dev.stowage.columns.Fnv;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.ScoredChunk;
import dev.stowage.rebalance.scoring.BatchWork;
import dev.stowage.rebalance.scoring.FingerprintWork;
import dev.stowage.rebalance.scoring.ScorerCalls;
import dev.stowage.rebalance.scoring.ScorerGuard;
import dev.stowage.rebalance.tables.LedTable;
import dev.stowage.rebalance.tables.Micros;
import dev.stowage.rebalance.tables.Terms;
import dev.stowage.rebalance.tables.WorkerRoster;
import java.util.Arrays;
import java.util.OptionalLong;

/** Samples scores of new, changed or aged chunks (rebalance design, section 3). */
final class Sampler {
  private static final int BATCH_CHUNKS = 4_096;

  private final LedTable led;
  private final WorkerRoster workers;
  private final ScorerGuard guard;
  private final int floorMicros;
  private final long intervalTicks;
  private int[] batch = new int[BATCH_CHUNKS];
  private int batchSize;
  private long sampled;
  private boolean wasServing;

  Sampler(LedTable led, WorkerRoster workers, ScorerGuard guard, Terms terms) {
    this.led = led;
    this.workers = workers;
    this.guard = guard;
    floorMicros = terms.floorMicros();
    intervalTicks = terms.intervalTicks();
  }

  long sampled() {
    return sampled;
  }

  void sample(long tick, AvoidList avoided) {
    sampled = 0;
    boolean changed = guard.begin();
    if (changed || wasServing != guard.hasScorer()) {
      forgetScores();
    }
    wasServing = guard.hasScorer();
    if (!guard.isServing()) {
      return;
    }
    readFingerprints(avoided);
    addDue(tick);
    for (int chunk = led.dirty.nextSetBit(0);
        chunk >= 0 && guard.isServing();
        chunk = led.dirty.nextSetBit(chunk + 1)) {
      visit(chunk, tick);
    }
    flush(tick);
    if (!guard.hasScorer()) {
      forgetScores();
      wasServing = false;
    }
  }

  /** Drops all scores, which mean nothing for another scorer. */
  private void forgetScores() {
    for (int chunk = 0; chunk < led.limit(); chunk++) {
      if (led.isLed(chunk)) {
        led.unscore(chunk);
        led.due.remove(chunk);
        led.dirty.set(chunk);
      }
    }
  }

  private void readFingerprints(AvoidList avoided) {
    guard
        .run(calls -> new FingerprintWork(calls, workers.ids()))
        .ifPresent(work -> {
          boolean[] changed = new boolean[workers.limit()];
          long chunks = 0;
          for (int worker = 0; worker < changed.length; worker++) {
            changed[worker] =
                workers.exists(worker) && isChanged(worker, work.found[worker], avoided);
            chunks += changed[worker] ? led.holders.countOn(worker) : 0;
          }
          mark(changed, chunks);
        });
  }

  /** Marks the chunks on changed workers, by a sweep if they are many. */
  private void mark(boolean[] changed, long chunks) {
    if (chunks > led.count() / 4) {
      for (int chunk = 0; chunk < led.limit(); chunk++) {
        if (led.isLed(chunk) && led.holders.isAnyHolder(chunk, changed)) {
          led.dirty.set(chunk);
        }
      }
      return;
    }
    for (int worker = 0; worker < changed.length; worker++) {
      int slot = changed[worker] ? led.holders.firstOn(worker) : -1;
      for (; slot >= 0; slot = led.holders.nextOn(slot)) {
        led.dirty.set(led.holders.owner(slot));
      }
    }
  }

  private boolean isChanged(int worker, OptionalLong ofScorer, AvoidList avoided) {
    OptionalLong now = ofScorer;
    if (now.isPresent()) {
      long folded = Fnv.fold(Fnv.OFFSET, now.getAsLong());
      folded = Fnv.fold(folded, workers.facts(worker).incarnation().value());
      now = OptionalLong.of(Fnv.fold(folded, avoided.rttBucket(workers.id(worker))));
    }
    return workers.fingerprint(worker, now) || now.isEmpty();
  }

  private void addDue(long tick) {
    for (int chunk = led.due.first();
        chunk >= 0 && tick - led.due.sampledAt(chunk) >= intervalTicks;
        chunk = led.due.after(chunk)) {
      led.dirty.set(chunk);
    }
  }

  private void visit(int chunk, long tick) {
    boolean isListed = led.due.isListed(chunk);
    long folded = Fnv.OFFSET;
    boolean isKnown = true;
    int begin = led.holders.begin(chunk);
    for (int slot = begin; slot < begin + led.holders.holders(chunk); slot++) {
      int worker = led.holders.worker(slot);
      isKnown &= workers.hasFingerprint(worker);
      folded = Fnv.fold(folded, workers.exists(worker) ? workers.idHash(worker) : 0);
      folded = Fnv.fold(folded, isKnown ? workers.fingerprint(worker) : 0);
    }
    boolean isDue = !isListed || tick - led.due.sampledAt(chunk) >= intervalTicks;
    if (isKnown && !isDue && folded == led.fingerprint(chunk)) {
      led.dirty.clear(chunk);
      return;
    }
    led.fingerprint(chunk, folded);
    batch[batchSize++] = chunk;
    if (batchSize == BATCH_CHUNKS) {
      flush(tick);
    }
  }

  private void flush(long tick) {
    if (batchSize == 0) {
      return;
    }
    int[] chunks = batchSize == BATCH_CHUNKS ? batch : Arrays.copyOf(batch, batchSize);
    batch = new int[BATCH_CHUNKS];
    batchSize = 0;
    BatchWork scored = guard.run(calls -> batchOf(calls, chunks)).orElse(null);
    int slotOfBatch = 0;
    for (int chunk : chunks) {
      int begin = led.holders.begin(chunk);
      int holders = led.holders.holders(chunk);
      for (int i = 0; i < holders; i++) {
        int micros = scored == null ? Micros.NONE : scored.micros[slotOfBatch++];
        led.holders.score(begin + i, Math.max(micros, Micros.NONE));
      }
      led.judge(chunk, floorMicros);
      if (scored == null) {
        // The next pass samples it again.
        led.due.remove(chunk);
      } else {
        led.due.sampled(chunk, tick);
        led.dirty.clear(chunk);
        sampled++;
      }
    }
  }

  private BatchWork batchOf(ScorerCalls calls, int[] chunks) {
    int total = 0;
    for (int chunk : chunks) {
      total += led.holders.holders(chunk);
    }
    BatchWork work = new BatchWork(calls, chunks.length, total);
    int at = 0;
    for (int i = 0; i < chunks.length; i++) {
      int chunk = chunks[i];
      int begin = led.holders.begin(chunk);
      for (int slot = begin; slot < begin + led.holders.holders(chunk); slot++) {
        int worker = led.holders.worker(slot);
        work.worker[at++] = workers.exists(worker) ? workers.id(worker) : null;
      }
      work.chunk[i] = new ScoredChunk(led.key(chunk), led.size(chunk));
      work.end[i] = at;
    }
    return work;
  }
}
