package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.KeyHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of workers against a sorted map from name to position. */
class WorkerTableTest {
  private final WorkerTable table = new WorkerTable();
  private final TreeMap<String, Integer> naive = new TreeMap<>();

  private void put(int position, String name) {
    table.put(RowDrafts.worker(position, name));
    naive.put(name, position);
  }

  private void remove(String name) {
    table.remove(Objects.requireNonNull(naive.remove(name)));
  }

  private void verify(int limit) {
    assertThat(table.limit()).isEqualTo(limit);
    assertThat(table.count()).isEqualTo(naive.size());
    List<Integer> order = new ArrayList<>();
    for (int position : table.order()) {
      assertThat(table.rank(position)).isEqualTo(order.size());
      order.add(position);
    }
    assertThat(order).isEqualTo(List.copyOf(naive.values()));
    TreeSet<Integer> free = new TreeSet<>();
    for (int position = 0; position < limit; position++) {
      boolean exists = naive.containsValue(position);
      assertThat(table.exists(position)).as("%d exists", position).isEqualTo(exists);
      if (!exists) {
        free.add(position);
      }
    }
    assertThat(table.exists(-1)).isFalse();
    assertThat(table.exists(limit)).isFalse();
    assertThat(table.nextPosition()).isEqualTo(free.isEmpty() ? limit : free.first());
    naive.forEach((name, position) -> {
      WorkerId id = WorkerId.of(name);
      assertThat(table.find(id)).isEqualTo(position);
      assertThat(table.entry(id)).isSameAs(table.entry(position));
      assertThat(table.entry(position).id()).isEqualTo(id);
      assertThat(table.entry(position).position()).isEqualTo(position);
      assertThat(table.hash(position)).isEqualTo(KeyHash.of(id));
    });
  }

  @Test
  void table_afterAnyOperation_isWhatAMapIs() {
    SplittableRandom random = new SplittableRandom(2);
    int limit = 0;
    verify(0);
    for (int step = 0; step < 300; step++) {
      String name = "w" + random.nextInt(24);
      if (naive.containsKey(name)) {
        remove(name);
        assertThat(table.find(WorkerId.of(name))).isEqualTo(-1);
        assertThat(table.entry(WorkerId.of(name))).isNull();
      } else {
        int position = table.nextPosition();
        put(position, name);
        limit = Math.max(limit, position + 1);
      }
      verify(limit);
    }
  }

  @Test
  void positions_thatWerePassedOver_areGivenFirst() {
    put(5, "a");
    verify(6);
    put(3, "b");
    put(table.nextPosition(), "c");
    assertThat(naive.get("c")).isZero();
    verify(6);
    put(9, "0");
    verify(10);
    assertThat(table.nextPosition()).isEqualTo(1);
  }

  @Test
  void inOrder_leavesOutWhatIsGone() {
    put(0, "d");
    put(1, "b");
    put(2, "c");
    put(3, "a");
    remove("c");
    assertThat(table.inOrder(new int[] {0, 2, 1, 3, 8, -1})).containsExactly(3, 1, 0);
    assertThat(table.inOrder(new int[] {0, 1})).containsExactly(1, 0);
    assertThat(table.inOrder(new int[] {2})).isEmpty();
    assertThat(table.inOrder(new int[0])).isEmpty();
  }

  @Test
  void copy_staysAsItWas() {
    put(0, "b");
    put(2, "a");
    WorkerTable copy = table.copy();
    put(1, "c");
    remove("a");
    assertThat(copy.find(WorkerId.of("a"))).isEqualTo(2);
    assertThat(copy.find(WorkerId.of("b"))).isZero();
    assertThat(copy.find(WorkerId.of("c"))).isEqualTo(-1);
  }

  @Test
  void placeOfNoWorker_isRefused() {
    put(1, "a");
    assertThatThrownBy(() -> table.entry(0)).isInstanceOf(NullPointerException.class);
  }
}
