package dev.stowage.content.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The index of ids against a map, with ids that crowd. */
class ItemTableTest {
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void index_whateverComesAndGoes_isTheMap(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3_000) int most,
      @ForAll @IntRange(min = 0, max = 40) int shift) {
    Random random = new Random(seed);
    ItemTable table = new ItemTable();
    Map<Long, Integer> naive = new HashMap<>();
    List<Long> ids = new ArrayList<>();
    for (int target : new int[] {most, most / 3, most, 0, most / 2}) {
      while (naive.size() != target) {
        if (naive.size() < target) {
          long id = (long) random.nextInt(4 * most) << shift | random.nextInt(2) << 1;
          if (naive.containsKey(id)) {
            continue;
          }
          naive.put(id, table.claim(ContentItem.of(id, PriorityClass.DATA, 1, 1, 1), 1, 0));
          ids.add(id);
        } else {
          int which = random.nextInt(ids.size());
          long id = ids.set(which, ids.get(ids.size() - 1));
          ids.remove(ids.size() - 1);
          table.release(naive.remove(id));
          assertThat(table.find(id)).isEqualTo(ItemTable.NONE);
        }
      }
      naive.forEach((id, slot) -> assertThat(table.find(id)).isEqualTo(slot));
      assertThat(table.find(-5)).isEqualTo(ItemTable.NONE);
    }
  }
}
