package dev.stowage.audit;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/** One column per fact about a chunk, filled while a snapshot is built and then only read. */
final class ChunkColumns {
  static final byte OFFERED = 0;
  static final byte REJECTED = 1;
  static final byte ADMITTED = 2;
  static final byte VISIBLE = 3;
  static final byte DROPPED = 4;
  static final byte TOMBSTONE = 5;

  final int count;

  // Empty in an excerpt, which names chunks lazily.
  final ChunkKey[] key;

  final DatasetId[] dataset;

  // Distinguishes chunks of one key that came again after a purge.
  final long[] number;

  final long[] first;
  final long[] last;
  final long[] sizeBytes;
  final int[] floor;
  final byte[] state;
  final boolean[] marked;
  final boolean[] established;
  final boolean[] everPossessed;

  // The tick at which the window of a dropped chunk ends.
  final long[] windowEnd;

  // The tick at which a dropped chunk's window ends, or a tombstone or rejected chunk began.
  final long[] endTick;

  final Eligibility[] eligibility;

  final List<List<WorkerId>> goneNames;

  final int[] replicaStart;

  private final IntFunction<ChunkKey> names;

  ChunkColumns(int count) {
    this(
        count,
        count,
        chunk -> {
          throw new IllegalStateException("chunk " + chunk + " has no key");
        });
  }

  ChunkColumns(int count, IntFunction<ChunkKey> names) {
    this(count, 0, names);
  }

  private ChunkColumns(int count, int described, IntFunction<ChunkKey> names) {
    this.names = names;
    this.count = count;
    key = new ChunkKey[described];
    dataset = new DatasetId[count];
    number = new long[described];
    first = new long[count];
    last = new long[count];
    sizeBytes = new long[described];
    floor = new int[described];
    state = new byte[count];
    marked = new boolean[count];
    established = new boolean[count];
    everPossessed = new boolean[count];
    windowEnd = new long[count];
    endTick = new long[count];
    eligibility = new Eligibility[described];
    goneNames = new ArrayList<>(Collections.nCopies(described, List.of()));
    replicaStart = new int[count + 1];
  }

  ChunkKey key(int chunk) {
    return key.length == 0 ? names.apply(chunk) : key[chunk];
  }

  boolean isLive(int chunk) {
    return (state[chunk] == ADMITTED || state[chunk] == VISIBLE) && !marked[chunk];
  }

  static String stateName(byte state) {
    switch (state) {
      case OFFERED:
        return "offered";
      case REJECTED:
        return "rejected";
      case ADMITTED:
        return "admitted";
      case VISIBLE:
        return "visible";
      case DROPPED:
        return "dropped";
      case TOMBSTONE:
        return "tombstone";
      default:
        return "unknown state " + state;
    }
  }
}
