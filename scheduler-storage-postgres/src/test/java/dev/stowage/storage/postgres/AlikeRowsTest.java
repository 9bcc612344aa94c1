package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AlikeRowsTest {
  @Test
  void cycleThatDoesTheSameToAll_isOneGroup() {
    assertThat(AlikeRows.of(rows(new Random(1), 200, 1)))
        .singleElement()
        .satisfies(group -> {
          assertThat(group.isAlike()).isTrue();
          assertThat(group.rows()).hasSize(200);
        });
    assertThat(AlikeRows.of(ReplicaRows.EMPTY)).isEmpty();
  }

  @Test
  void fewRows_areOneGroup_whateverTheySay() {
    assertThat(AlikeRows.of(rows(new Random(1), 40, 3)))
        .singleElement()
        .satisfies(group -> assertThat(group.isAlike()).isFalse());
  }

  @Property
  void everyRowThatWasThere_isInOneGroup_andWhatIsAlikeIsTheSame(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int kinds) {
    ReplicaRows rows = rows(new Random(seed), 400, kinds);
    List<AlikeRows> groups = AlikeRows.of(rows);
    List<Integer> named = new ArrayList<>();
    for (AlikeRows group : groups) {
      assertThat(group.rows()).isNotEmpty();
      Arrays.stream(group.rows()).forEach(named::add);
      if (group.isAlike()) {
        assertThat(group.rows()).hasSizeGreaterThanOrEqualTo(64);
        assertThat(Arrays.stream(group.rows()).mapToObj(row -> said(rows, row)).distinct())
            .hasSize(1);
      }
    }
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, rows.size()).filter(row -> !rows.isFresh(row)).boxed().toList());
    assertThat(groups.stream().filter(group -> !group.isAlike())).hasSizeLessThanOrEqualTo(1);
  }

  private static List<Long> said(ReplicaRows rows, int row) {
    return List.of(
        rows.since(row),
        rows.supersededAt(row),
        rows.releasedAt(row),
        rows.readableUntil(row),
        rows.missingSince(row),
        (long) rows.flags(row));
  }

  /** Rows of so many kinds, each kind another than a common one in one of the six columns. */
  private static ReplicaRows rows(Random random, int count, int kinds) {
    ReplicaRows.Builder rows = ReplicaRows.builder(count);
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(kinds);
      long other = 2L + kind / 6;
      rows.add(i, i % 7);
      rows.stamps(kind % 6 == 1 ? other : 1, kind % 6 == 2 ? other : 0, kind % 6 == 3 ? other : 0);
      rows.window(kind % 6 == 4 ? other : 0, kind % 6 == 5 ? other : -1, kind >= 6 ? 1 : 0);
      if (kinds > 1 && random.nextInt(10) == 0) {
        rows.fresh();
      }
    }
    return rows.build();
  }
}
