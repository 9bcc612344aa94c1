package dev.stowage.rebalance.tables;

import dev.stowage.columns.Growth;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The led chunks by position, and their last samples. */
public final class LedTable {
  static final byte FOREIGN = 0;

  public static final byte UNSCORED = 1;

  public static final byte GOOD = 2;

  public static final byte LOW = 3;

  public final HolderTable holders = new HolderTable();
  public final DueList due = new DueList();
  public final BitSet dirty = new BitSet();
  public final BitSet low = new BitSet();
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

  public int limit() {
    return key.length;
  }

  public boolean isLed(int chunk) {
    return chunk >= 0 && chunk < kind.length && kind[chunk] != FOREIGN;
  }

  public int count() {
    return countByKind[UNSCORED] + countByKind[GOOD] + countByKind[LOW];
  }

  public int count(byte ofKind) {
    return countByKind[ofKind];
  }

  public byte kind(int chunk) {
    return kind[chunk];
  }

  public ChunkKey key(int chunk) {
    return Objects.requireNonNull(key[chunk]);
  }

  public ChunkNumber number(int chunk) {
    return Objects.requireNonNull(number[chunk]);
  }

  public Eligibility eligibility(int chunk) {
    return Objects.requireNonNull(eligibility[chunk]);
  }

  public int[] banned(int chunk) {
    return banned[chunk];
  }

  public long size(int chunk) {
    return size[chunk];
  }

  public int floor(int chunk) {
    return floor[chunk];
  }

  public int worst(int chunk) {
    return worst[chunk];
  }

  public int worstWorker(int chunk) {
    return worstWorker[chunk];
  }

  public long fingerprint(int chunk) {
    return fingerprint[chunk];
  }

  public void fingerprint(int chunk, long value) {
    fingerprint[chunk] = value;
  }

  public void put(int chunk, LedChunk facts) {
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

  public void drop(int chunk) {
    if (!isLed(chunk)) {
      return;
    }
    holders.release(chunk);
    due.remove(chunk);
    dirty.clear(chunk);
    kind(chunk, FOREIGN);
    key[chunk] = null;
    number[chunk] = null;
    eligibility[chunk] = null;
  }

  public void judge(int chunk, int floorMicros) {
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
      kind(chunk, least >= floorMicros ? GOOD : LOW);
    }
  }

  public void unscore(int chunk) {
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
    int capacity = Growth.capacity(key.length + (key.length >> 1) + 64L, chunk + 1L);
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
    due.reserve(capacity);
  }
}
