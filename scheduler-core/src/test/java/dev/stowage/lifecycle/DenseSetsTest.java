package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The small containers of dense ints against those of the platform. */
class DenseSetsTest {
  private static List<Integer> membersOf(IntSet set) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      members.add(set.member(i));
    }
    assertThat(Arrays.stream(set.toArray()).boxed().toList()).isEqualTo(members);
    return members;
  }

  @Test
  void intSet_afterAnyOperation_isWhatAHashSetIs() {
    SplittableRandom random = new SplittableRandom(4);
    IntSet set = new IntSet();
    LinkedHashSet<Integer> naive = new LinkedHashSet<>();
    for (int step = 0; step < 900; step++) {
      int value = random.nextInt(300);
      if (random.nextInt(3) == 0) {
        set.remove(value);
        naive.remove(value);
      } else {
        assertThat(set.add(value)).isEqualTo(naive.add(value));
      }
      if (step % 300 == 299) {
        set.clear();
        naive.clear();
      }
      assertThat(set.size()).isEqualTo(naive.size());
      assertThat(set.isEmpty()).isEqualTo(naive.isEmpty());
      assertThat(membersOf(set)).containsExactlyInAnyOrderElementsOf(naive);
      for (int probe = 0; probe < 330; probe++) {
        assertThat(set.contains(probe)).isEqualTo(naive.contains(probe));
      }
    }
  }

  @Test
  void intSet_keepsTheOrderOfAddition() {
    IntSet set = new IntSet();
    set.addAll(new int[] {64, 63, 900, 0, 64, 128});
    assertThat(membersOf(set)).containsExactly(64, 63, 900, 0, 128);
    set.remove(63);
    assertThat(membersOf(set)).containsExactly(64, 128, 900, 0);
    set.remove(4_000);
    assertThat(set.size()).isEqualTo(4);
  }

  @Test
  void intSet_ofManyMembers_isEmptyOnceCleared() {
    IntSet set = new IntSet();
    for (int value = 9_000; value > 0; value--) {
      assertThat(set.add(value)).isTrue();
    }
    assertThat(set.size()).isEqualTo(9_000);
    assertThat(set.cleared()).isSameAs(set);
    assertThat(set.isEmpty()).isTrue();
    for (int value = 9_000; value > 0; value--) {
      assertThat(set.contains(value)).isFalse();
    }
    assertThat(set.add(7)).isTrue();
    assertThat(membersOf(set)).containsExactly(7);
  }

  @Test
  void intSet_copied_isOnItsOwn() {
    IntSet set = new IntSet();
    set.addAll(new int[] {5, 70});
    IntSet copy = set.copy();
    set.remove(5);
    set.add(6);
    set.add(71);
    assertThat(membersOf(copy)).containsExactly(5, 70);
    assertThat(copy.contains(5)).isTrue();
    assertThat(copy.contains(71)).isFalse();
  }

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
  void freeList_givesTheLowest() {
    FreeList list = new FreeList();
    assertThat(list.isEmpty()).isTrue();
    list.add(7);
    list.add(3);
    list.take(9);
    assertThat(list.isEmpty()).isFalse();
    assertThat(list.peek()).isEqualTo(3);
    FreeList other = new FreeList();
    other.addAll(list);
    list.take(3);
    assertThat(list.peek()).isEqualTo(7);
    assertThat(other.peek()).isEqualTo(3);
  }

  @Test
  void freeList_afterAnyOperation_isASortedSet() {
    FreeList list = new FreeList();
    TreeSet<Integer> naive = new TreeSet<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int step = 0; step < 3_000; step++) {
      int position = random.nextInt(1 + random.nextInt(400));
      if (random.nextBoolean()) {
        list.add(position);
        naive.add(position);
      } else {
        list.take(position);
        naive.remove(position);
      }
      while (random.nextInt(3) == 0 && !naive.isEmpty()) {
        assertThat(list.peek()).isEqualTo(naive.first());
        list.take(naive.pollFirst());
      }
      FreeList copy = new FreeList();
      copy.addAll(list);
      for (FreeList each : List.of(list, copy)) {
        assertThat(each.isEmpty()).isEqualTo(naive.isEmpty());
        assertThat(naive.isEmpty() || each.peek() == naive.first()).isTrue();
      }
    }
  }

  @Test
  void growth_isByAnEighth_atLeastSixteen_andEndsBelowTheLargestArray() {
    assertThat(Growth.next(0)).isEqualTo(16);
    assertThat(Growth.next(128)).isEqualTo(144);
    assertThat(Growth.next(136)).isEqualTo(153);
    assertThat(Growth.next(800)).isEqualTo(900);
    assertThat(Growth.next(Integer.MAX_VALUE - 9)).isEqualTo(Integer.MAX_VALUE - 8);
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

  @Test
  void rowPages_keepEveryColumnOfEveryRow() {
    RowPages pages = new RowPages();
    assertThat(pages.capacity()).isEqualTo(16);
    pages.reserve(15);
    assertThat(pages.capacity()).isEqualTo(16);
    pages.reserve(16);
    assertThat(pages.capacity()).isEqualTo(32);
    pages.reserve(5_000);
    assertThat(pages.capacity()).isEqualTo(5 * 1_024);
    for (int row = 0; row < 5 * 1_024; row++) {
      for (int column = 0; column < 6; column++) {
        assertThat(pages.read(row, column)).isZero();
        pages.write(row, column, row * 6 + column);
      }
      pages.writeLong(row, 6, -row * 0x1_0000_0001L);
    }
    RowPages copy = pages.copy();
    for (int row = 0; row < 5 * 1_024; row++) {
      pages.write(row, 0, -1);
    }
    for (int row = 0; row < 5 * 1_024; row++) {
      for (int column = 0; column < 6; column++) {
        assertThat(copy.read(row, column)).isEqualTo(row * 6 + column);
      }
      assertThat(copy.readLong(row, 6)).isEqualTo(-row * 0x1_0000_0001L);
    }
    copy.reserve(5 * 1_024);
    assertThat(copy.capacity()).isEqualTo(6 * 1_024);
    assertThat(pages.capacity()).isEqualTo(5 * 1_024);
  }

  @Test
  void rowPages_keepWhatTheFirstPageHeldWhenItGrew() {
    RowPages pages = new RowPages();
    for (int row = 0; row < 1_100; row++) {
      pages.reserve(row);
      pages.write(row, 7, row);
    }
    for (int row = 0; row < 1_100; row++) {
      assertThat(pages.read(row, 7)).isEqualTo(row);
    }
  }

  /** Hashes of which many collide, and runs that go round the end of the array. */
  @Test
  void positionIndex_afterAnyOperation_isWhatASetIs() {
    for (int bits : new int[] {0, 2, 4, 40}) {
      SplittableRandom random = new SplittableRandom(bits);
      java.util.function.IntToLongFunction hash =
          at -> bits == 0 ? -1 : RowHash.mix(at) >>> (64 - bits);
      PositionIndex index = new PositionIndex(hash);
      TreeSet<Integer> naive = new TreeSet<>();
      for (int step = 0; step < 1_500; step++) {
        int position = random.nextInt(120);
        if (naive.contains(position)) {
          index.remove(position);
          naive.remove(position);
        } else if (random.nextInt(8) == 0) {
          index.remove(position);
        } else {
          index.add(position);
          naive.add(position);
        }
        if (step % 10 == 0) {
          verify(index, hash, naive);
        }
      }
      PositionIndex copy = index.copyFor(hash);
      TreeSet<Integer> frozen = new TreeSet<>(naive);
      naive.forEach(index::remove);
      verify(index, hash, new TreeSet<>());
      verify(copy, hash, frozen);
    }
  }

  private static void verify(
      PositionIndex index, java.util.function.IntToLongFunction hash, TreeSet<Integer> naive) {
    for (int position = 0; position < 120; position++) {
      int asked = position;
      int found = index.find(hash.applyAsLong(position), at -> at == asked);
      assertThat(found).isEqualTo(naive.contains(position) ? position : -1);
    }
  }
}
