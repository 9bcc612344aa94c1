package dev.stowage.content.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The sorted blocks of one flow against a sorted list, beyond the sizes of the reference test. */
class LeafTest {
  private final ItemTable table = new ItemTable();
  private final RankOrder order = new RankOrder(table);
  private final TenantQueue tenant = new TenantQueue("", new TurnRing(1));
  private final Leaf leaf = new FlowQueue(tenant).leafFor(null, order);
  private final List<Integer> naive = new ArrayList<>();
  private long nextId;

  /** The ranks of arriving items: few different keys meet in every block, many never. */
  enum Arrivals {
    RANDOM,
    ALL_EQUAL,
    EVER_BETTER,
    EVER_WORSE,
    TIES_OF_THEIR_OWN,
    HALVES_AGREE,
    LARGE
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void leaf_underAnyOperations_isTheSortedList(
      @ForAll long seed,
      @ForAll Arrivals arrivals,
      @ForAll @IntRange(min = 1, max = 2_000) int most,
      @ForAll @IntRange(min = 1, max = 300) int values) {
    Random random = new Random(seed);
    int[] waves = {most, most / 4, most, 0, Math.min(most, 40), 0};
    for (int target : waves) {
      int way = random.nextInt(3);
      while (naive.size() != target) {
        if (naive.size() < target || random.nextInt(8) == 0) {
          add(item(random, arrivals, values), arrivals);
        }
        if (naive.size() > target) {
          take(way == 0 ? 0 : random.nextInt(way == 1 ? naive.size() : Math.min(20, naive.size())));
        }
      }
      checkAll();
      order.smallFirst(random.nextInt(3) == 0);
      naive.sort((a, b) -> a.equals(b) ? 0 : order.before(a, b) ? -1 : 1);
      leaf.reorder();
      checkAll();
      if (naive.isEmpty()) {
        leaf.trim();
      }
    }
  }

  @Test
  void leaf_ofManyBlocks_keepsItsRankWhenBlocksGrowLarge() {
    int count = 700_000;
    for (int i = 0; i < count; i++) {
      long utility = Long.reverse((long) i * 0x9E3779B97F4A7C15L) >>> 44;
      int slot = table.claim(item(i, 1, utility), utility, 0);
      table.stamp(slot, i, 0);
      leaf.add(slot, true);
    }
    for (int i = 0; i < count; i += 2) {
      leaf.remove(table.find(i));
    }
    leaf.reorder();
    int before = leaf.head();
    leaf.remove(before);
    for (int left = count / 2 - 1; left > 0; left--) {
      int slot = leaf.head();
      assertThat(order.before(before, slot)).isTrue();
      leaf.remove(slot);
      before = slot;
    }
    assertThat(leaf.isEmpty()).isTrue();
  }

  private void add(ContentItem item, Arrivals arrivals) {
    long tie = arrivals == Arrivals.TIES_OF_THEIR_OWN ? item.sizeBytes() % 7 : 0;
    int slot = table.claim(item, item.efficiency(), tie);
    table.stamp(slot, item.id(), 0);
    leaf.add(slot, true);
    int low = 0;
    int high = naive.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.before(naive.get(middle), slot)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    naive.add(low, slot);
    check(low);
  }

  private void take(int rank) {
    int slot = naive.remove(rank);
    leaf.remove(slot);
    table.release(slot);
    assertThat(leaf.size()).isEqualTo(naive.size());
    for (int i = 0; i < Math.min(4, naive.size()); i++) {
      check(i);
    }
  }

  private ContentItem item(Random random, Arrivals arrivals, int values) {
    long id = nextId++;
    double utility =
        switch (arrivals) {
          case RANDOM, TIES_OF_THEIR_OWN -> random.nextInt(values);
          case ALL_EQUAL -> 1.0 / 3;
          case HALVES_AGREE -> 1 + 1e-9 * random.nextInt(values);
          case LARGE -> random.nextInt(3);
          case EVER_BETTER -> id;
          case EVER_WORSE -> -id;
        };
    long least = arrivals == Arrivals.LARGE ? 1L << 55 : 0;
    return item(id, least + random.nextInt(values), utility);
  }

  private static ContentItem item(long id, long size, double utility) {
    return ContentItem.of(id, PriorityClass.DATA, size, 1, utility);
  }

  private void checkAll() {
    assertThat(leaf.size()).isEqualTo(naive.size());
    for (int rank = 0; rank < naive.size(); rank += rank < 300 ? 1 : 37) {
      check(rank);
    }
  }

  private void check(int rank) {
    int slot = naive.get(rank);
    assertThat(leaf.entryAt(rank)).isEqualTo(RankOrder.entry(order.key(slot), slot));
    if (rank == 0) {
      assertThat(leaf.head()).isEqualTo(slot);
      assertThat(leaf.headHalf()).isEqualTo(RankOrder.half(order.key(slot)));
    }
  }
}
