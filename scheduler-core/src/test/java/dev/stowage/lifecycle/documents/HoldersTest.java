package dev.stowage.lifecycle.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.WorkerEntry;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The headers of slices are what a map of them would be, and each copy stays what it was. */
class HoldersTest {
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void anyChanges_areThoseOfAMap_andNoCopyChangesAfterwards(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2_000) int workers) {
    SplittableRandom random = new SplittableRandom(seed);
    Holders holders = Holders.NONE;
    Map<WorkerId, WorkerRow> map = new TreeMap<>();
    List<Holders> copies = new ArrayList<>();
    List<Map<WorkerId, WorkerRow>> meant = new ArrayList<>();
    for (int step = 0; step < 12; step++) {
      List<WorkerRow> changed = new ArrayList<>();
      List<WorkerId> gone = new ArrayList<>();
      int most = random.nextBoolean() ? 3 : workers;
      for (int i = 0; i < 1 + random.nextInt(most); i++) {
        WorkerId worker = WorkerId.of("w" + random.nextInt(workers));
        if (random.nextInt(3) == 0) {
          gone.add(worker);
        } else if (changed.stream().noneMatch(each -> each.id().equals(worker))) {
          changed.add(holder(worker, random.nextInt()));
        }
      }
      holders = holders.with(changed, gone);
      gone.forEach(map::remove);
      changed.forEach(each -> map.put(each.id(), each));
      copies.add(holders);
      meant.add(new TreeMap<>(map));
    }
    for (int step = 0; step < copies.size(); step++) {
      assertSame(copies.get(step), meant.get(step), workers);
    }
    assertSame(Holders.of(map.values()), map, workers);
  }

  private static void assertSame(Holders found, Map<WorkerId, WorkerRow> meant, int workers) {
    assertThat(found.size()).isEqualTo(meant.size());
    for (int worker = 0; worker < workers; worker++) {
      WorkerId id = WorkerId.of("w" + worker);
      assertThat(found.get(id)).isSameAs(meant.get(id));
    }
    Map<WorkerId, WorkerRow> visited = new TreeMap<>();
    found.forEach(each -> assertThat(visited.put(each.id(), each)).isNull());
    assertThat(visited).isEqualTo(meant);
  }

  @Test
  void idsOfOneHash_areToldApart() {
    WorkerId one = WorkerId.of("Aa");
    WorkerId other = WorkerId.of("BB");
    assertThat(one).hasSameHashCodeAs(other);
    Holders holders = Holders.of(List.of(holder(one, 1), holder(other, 2)));
    Holders without = holders.with(List.of(), List.of(one));
    assertThat(without.get(one)).isNull();
    assertThat(without.get(other)).isSameAs(holders.get(other));
    assertThat(without.size()).isEqualTo(1);
  }

  private static WorkerRow holder(WorkerId worker, int incarnation) {
    WorkerEntry entry = new WorkerEntry(0, Worker.of(worker, 1));
    entry.publishedIncarnation = incarnation;
    return entry.toRow();
  }
}
