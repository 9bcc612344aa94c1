package dev.stowage.rebalance;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The led chunks by position, and what the last samples say of each. */
final class LedTable {
  /** Not led. */
  static final byte FOREIGN = 0;

  /** No holder has a score. */
  static final byte UNSCORED = 1;

  /** The worst holder is at or above the floor. */
  static final byte GOOD = 2;

  /** The worst holder is below the floor. */
  static final byte LOW = 3;

  final HolderTable holders = new HolderTable();
  final HistoryTable history = new HistoryTable();
  final DueList due = new DueList();
  final BitSet dirty = new BitSet();
  final BitSet low = new BitSet();
  private final int[] countByKind = new int[LOW + 1];
  private @Nullable ChunkKey[] key = new ChunkKey[0];
  private @Nullable ChunkNumber[] number = new ChunkNumber[0];
  private @Nullable Eligibility[] eligibility = new Eligibility[0];
  private int[][] banned = new int[0][];
  private long[] size = new long[0];
  private int[] floor = new int[0];
  private byte[] kind = new byte[0];
  private int[] worst = new int[0];
  private int[] worstWorker = new int[0];
  private long[] fingerprint = new long[0];

  int limit() {
    return key.length;
  }

  boolean isLed(int chunk) {
    return chunk >= 0 && chunk < kind.length && kind[chunk] != FOREIGN;
  }

  int count() {
    return countByKind[UNSCORED] + countByKind[GOOD] + countByKind[LOW];
  }

  int count(byte ofKind) {
    return countByKind[ofKind];
  }

  byte kind(int chunk) {
    return kind[chunk];
  }

  ChunkKey key(int chunk) {
    return Objects.requireNonNull(key[chunk]);
  }

  ChunkNumber number(int chunk) {
    return Objects.requireNonNull(number[chunk]);
  }

  Eligibility eligibility(int chunk) {
    return Objects.requireNonNull(eligibility[chunk]);
  }

  int[] banned(int chunk) {
    return banned[chunk];
  }

  long size(int chunk) {
    return size[chunk];
  }

  int floor(int chunk) {
    return floor[chunk];
  }

  int worst(int chunk) {
    return worst[chunk];
  }

  int worstWorker(int chunk) {
    return worstWorker[chunk];
  }

  long fingerprint(int chunk) {
    return fingerprint[chunk];
  }

  void fingerprint(int chunk, long value) {
    fingerprint[chunk] = value;
  }

  /** Puts a chunk; one that was not led, or whose number is another, begins without history. */
  void put(int chunk, LedChunk facts) {
    reserve(chunk);
    if (kind[chunk] != FOREIGN && !facts.number().equals(number[chunk])) {
      drop(chunk);
    }
    if (kind[chunk] == FOREIGN) {
      kind(chunk, UNSCORED);
      dirty.set(chunk);
    }
    key[chunk] = facts.key();
    number[chunk] = facts.number();
    eligibility[chunk] = facts.eligibility();
    banned[chunk] = facts.banned();
    size[chunk] = facts.sizeBytes();
    floor[chunk] = facts.floor();
    if (holders.set(chunk, facts.holders(), facts.others())) {
      dirty.set(chunk);
    }
  }

  /** Forgets a chunk with its samples. */
  void drop(int chunk) {
    if (!isLed(chunk)) {
      return;
    }
    holders.release(chunk);
    history.clear(chunk);
    due.remove(chunk);
    dirty.clear(chunk);
    kind(chunk, FOREIGN);
    key[chunk] = null;
    number[chunk] = null;
    eligibility[chunk] = null;
  }

  /** Takes the worst of the scores in the table, ties to the smallest id. */
  void judge(int chunk, int floorMicros) {
    int begin = holders.begin(chunk);
    int least = Micros.NONE;
    for (int slot = begin; slot < begin + holders.holders(chunk); slot++) {
      int micros = holders.score(slot);
      if (micros >= 0 && (least < 0 || micros < least)) {
        least = micros;
        worstWorker[chunk] = holders.worker(slot);
      }
    }
    worst[chunk] = least;
    if (least < 0) {
      kind(chunk, UNSCORED);
    } else {
      history.add(chunk, least);
      kind(chunk, least >= floorMicros ? GOOD : LOW);
    }
  }

  /** Forgets the scores of a chunk, as if nobody had an opinion. */
  void unscore(int chunk) {
    int begin = holders.begin(chunk);
    for (int slot = begin; slot < begin + holders.holders(chunk); slot++) {
      holders.score(slot, Micros.NONE);
    }
    worst[chunk] = Micros.NONE;
    kind(chunk, UNSCORED);
  }

  private void kind(int chunk, byte now) {
    countByKind[kind[chunk]]--;
    countByKind[now]++;
    kind[chunk] = now;
    low.set(chunk, now == LOW);
  }

  private void reserve(int chunk) {
    if (chunk < key.length) {
      return;
    }
    int capacity = Math.max(chunk + 1, key.length + (key.length >> 1) + 64);
    key = Arrays.copyOf(key, capacity);
    number = Arrays.copyOf(number, capacity);
    eligibility = Arrays.copyOf(eligibility, capacity);
    banned = Arrays.copyOf(banned, capacity);
    size = Arrays.copyOf(size, capacity);
    floor = Arrays.copyOf(floor, capacity);
    kind = Arrays.copyOf(kind, capacity);
    worst = Arrays.copyOf(worst, capacity);
    worstWorker = Arrays.copyOf(worstWorker, capacity);
    fingerprint = Arrays.copyOf(fingerprint, capacity);
    holders.reserve(capacity);
    history.reserve(capacity);
    due.reserve(capacity);
  }
}
