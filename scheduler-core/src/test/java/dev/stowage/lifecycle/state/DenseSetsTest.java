package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.IntSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Compares the sets that the tables keep by number with the collections of the platform. */
class DenseSetsTest {
  @Test
  void pairs_areSortedByWorkerThenChunk_andKeptTwice() {
    PairList list = new PairList();
    List<Long> naive = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 6_000; i++) {
      int chunk = random.nextInt(Integer.MAX_VALUE);
      int worker = random.nextInt(50);
      list.add(chunk, worker);
      naive.add(((long) worker << 32) + chunk);
      assertThat(list.size()).isEqualTo(i + 1);
    }
    list.add(7, 3);
    list.add(7, 3);
    naive.add((3L << 32) + 7);
    naive.add((3L << 32) + 7);
    Collections.sort(naive);
    long[] sorted = list.sorted();
    assertThat(Arrays.stream(sorted).boxed().toList()).isEqualTo(naive);
    assertThat(PairList.workerOf((3L << 32) + 7)).isEqualTo(3);
    assertThat(PairList.chunkOf((3L << 32) + 7)).isEqualTo(7);
    list.clear();
    assertThat(list.size()).isZero();
    assertThat(list.sorted()).isEmpty();
    list.add(1, 2);
    assertThat(list.sorted()).containsExactly((2L << 32) + 1);
  }

  @Test
  void dueChunks_comeOutAtTheirTick_once() {
    DueChunks due = new DueChunks();
    TreeMap<Long, TreeSet<Integer>> naive = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(6);
    assertThat(due.next()).isEqualTo(Long.MAX_VALUE);
    for (long tick = 0; tick < 60; tick++) {
      for (int i = 0; i < 25; i++) {
        long at = tick + 1 + random.nextInt(9);
        int chunk = random.nextInt(400);
        due.add(at, chunk);
        due.add(at, chunk);
        naive.computeIfAbsent(at, key -> new TreeSet<>()).add(chunk);
      }
      assertThat(due.next()).isEqualTo(naive.firstKey());
      IntSet into = new IntSet();
      due.drainUntil(tick, into);
      TreeSet<Integer> expected = new TreeSet<>();
      naive.headMap(tick, true).values().forEach(expected::addAll);
      naive.headMap(tick, true).clear();
      assertThat(RowDrafts.sorted(into)).isEqualTo(List.copyOf(expected));
    }
  }
}
