package dev.stowage.columns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The two heaps of numbers against sorted sets. */
class HeapsTest {
  private static final int NUMBERS = 90;
  private static final int STEPS = 250;

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void keyHeap_afterAnySteps_givesWhatASortedSetGives(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int keys = 1 + random.nextInt(40);
    long[] key = new long[NUMBERS];
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(number -> key[number]).thenComparing(number -> number);
    TreeSet<Integer> naive = new TreeSet<>(order);
    KeyHeap heap = random.nextBoolean() ? new KeyHeap() : new KeyHeap(random.nextInt(NUMBERS));
    for (int step = 0; step < STEPS; step++) {
      int number = random.nextInt(NUMBERS);
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          heap.remove(number);
          naive.remove(number);
        }
        case 2 -> {
          long limit = random.nextInt(-keys, keys) / 4;
          for (int taken : heap.takeUpTo(limit)) {
            assertThat(key[taken]).isLessThanOrEqualTo(limit);
            assertThat(taken).isEqualTo(naive.pollFirst());
          }
          assertThat(naive.isEmpty() || key[naive.first()] > limit).isTrue();
        }
        default -> {
          naive.remove(number);
          key[number] = random.nextInt(-keys, keys);
          heap.put(number, key[number]);
          naive.add(number);
        }
      }
      assertThat(heap.isEmpty()).isEqualTo(naive.isEmpty());
      assertThat(heap.contains(number)).isEqualTo(naive.contains(number));
      if (!naive.isEmpty()) {
        assertThat(heap.first()).isEqualTo(naive.first());
        assertThat(heap.firstKey()).isEqualTo(key[naive.first()]);
      }
    }
  }

  @Test
  void keyHeap_ofExtremeKeys_comparesThemWhole() {
    KeyHeap heap = new KeyHeap();
    heap.put(0, Long.MAX_VALUE);
    heap.put(1, Long.MIN_VALUE);
    heap.put(200, -1);
    assertThat(heap.contains(2_000)).isFalse();
    assertThat(heap.takeUpTo(Long.MAX_VALUE)).containsExactly(1, 200, 0);
  }

  /** The keys of both heaps of slots, and who is in which. */
  private static final class Slots {
    final int[] key = new int[NUMBERS];
    final SparseColumn at = new SparseColumn();
    final OrderHeap[] heaps = {new OrderHeap(this::before, at), new OrderHeap(this::before, at)};
    final List<TreeSet<Integer>> naive =
        new ArrayList<>(List.of(new TreeSet<>(this::compare), new TreeSet<>(this::compare)));
    boolean turned;

    boolean before(int a, int b) {
      return key[a] != key[b] ? key[a] < key[b] != turned : a < b;
    }

    int compare(int a, int b) {
      return a == b ? 0 : before(a, b) ? -1 : 1;
    }

    void turn() {
      turned = !turned;
      for (int side = 0; side < heaps.length; side++) {
        TreeSet<Integer> again = new TreeSet<>(this::compare);
        again.addAll(List.copyOf(naive.get(side)));
        naive.set(side, again);
        heaps[side].reorder();
      }
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void orderHeaps_ofOneColumn_giveWhatSortedSetsGive(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Slots slots = new Slots();
    int keys = 1 + random.nextInt(40);
    for (int step = 0; step < STEPS; step++) {
      int slot = random.nextInt(NUMBERS);
      int side = random.nextInt(2);
      OrderHeap heap = slots.heaps[side];
      if (random.nextInt(60) == 0) {
        slots.turn();
      } else if (random.nextInt(80) == 0) {
        heap.clear();
        slots.naive.get(side).clear();
      } else if (slots.naive.get(side).contains(slot)) {
        heap.remove(slot);
        slots.naive.get(side).remove(slot);
      } else if (!slots.naive.get(1 - side).contains(slot)) {
        slots.key[slot] = random.nextInt(keys);
        heap.add(slot);
        slots.naive.get(side).add(slot);
      }
      for (int each = 0; each < 2; each++) {
        verify(slots.heaps[each], slots.naive.get(each), slot);
      }
    }
  }

  private static void verify(OrderHeap heap, TreeSet<Integer> naive, int slot) {
    assertThat(heap.size()).isEqualTo(naive.size());
    assertThat(heap.isEmpty()).isEqualTo(naive.isEmpty());
    assertThat(heap.contains(slot)).isEqualTo(naive.contains(slot));
    if (!naive.isEmpty()) {
      assertThat(heap.first()).isEqualTo(naive.first());
      assertThat(heap.slotAt(0)).isEqualTo(naive.first());
    }
    for (int position = 1; position < heap.size(); position++) {
      assertThat(heap.before(heap.slotAt((position - 1) / 2), heap.slotAt(position))).isTrue();
    }
  }
}
