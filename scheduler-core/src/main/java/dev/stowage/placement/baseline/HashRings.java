package dev.stowage.placement.baseline;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.IntList;
import dev.stowage.columns.Mix;
import dev.stowage.placement.fleet.Fleet;
import java.util.Arrays;

/** Independent hash rings of the placeable workers; each replica of a chunk draws a ring. */
final class HashRings {
  private final int rings;
  private final int size;
  private final long[] point;
  private final int[] worker;

  HashRings(Fleet fleet, int rings) {
    this.rings = rings;
    int[] members = placeable(fleet);
    size = members.length;
    point = new long[rings * size];
    worker = new int[rings * size];
    for (int ring = 0; ring < rings; ring++) {
      fill(ring, members, fleet);
    }
  }

  private static int[] placeable(Fleet fleet) {
    IntList members = new IntList();
    for (int each = 0; each < fleet.count; each++) {
      if (fleet.placeable[each]) {
        members.add(each);
      }
    }
    return members.toArray();
  }

  private void fill(int ring, int[] members, Fleet fleet) {
    long[] points = new long[size];
    for (int i = 0; i < size; i++) {
      long hash = Avalanche.of(fleet.hash[members[i]] + ring * Mix.GOLDEN);
      // The low bits carry the member, so that one sort of longs orders both.
      points[i] = (hash >>> 1 & -(1L << 24)) | i;
    }
    Arrays.sort(points);
    for (int i = 0; i < size; i++) {
      point[ring * size + i] = points[i];
      worker[ring * size + i] = members[(int) (points[i] & ((1 << 24) - 1))];
    }
  }

  interface Test {
    boolean accepts(int worker);
  }

  /** Returns the first accepted worker on the ring of a replica, or -1. */
  int walk(long keyHash, int replica, Test test) {
    if (size == 0) {
      return -1;
    }
    long hash = Avalanche.of(keyHash + replica * Mix.GOLDEN);
    int ring = (int) Long.remainderUnsigned(hash, rings);
    long from = Avalanche.of(hash) >>> 1;
    int at = Arrays.binarySearch(point, ring * size, (ring + 1) * size, from);
    int first = (at < 0 ? -at - 1 : at) - ring * size;
    for (int i = 0; i < size; i++) {
      int candidate = worker[ring * size + (first + i) % size];
      if (test.accepts(candidate)) {
        return candidate;
      }
    }
    return -1;
  }
}
