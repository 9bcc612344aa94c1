package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.FleetCensus.NewestShare;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewestShareTest {
  private static final DatasetId D = DatasetId.of("d");

  private static NewestShare.Counter counter(Worker... workers) {
    return new NewestShare.Counter(workers.length, at -> workers[at]);
  }

  private static Worker worker(String name, long capacity) {
    return Worker.of(WorkerId.of(name), capacity);
  }

  @Test
  void share_isMeasuredByCapacity() {
    NewestShare.Counter counter = counter(worker("a", 300), worker("b", 100), worker("c", 0));
    List<int[]> holders = List.of(new int[] {0, 1}, new int[] {0}, new int[] {0, 2});
    assertThat(counter.of(D, holders)).contains(new NewestShare(D, 4, WorkerId.of("a"), 3, 1.0));
    holders = List.of(new int[] {0, 1}, new int[] {0, 1});
    assertThat(counter.of(D, holders)).contains(new NewestShare(D, 4, WorkerId.of("b"), 2, 2.0));
    assertThat(counter.of(D, List.of())).isEmpty();
    assertThat(counter.of(D, List.of(new int[] {2}))).isEmpty();
  }

  @Test
  void share_leavesOutWorkersThatAreNotActive_andStaysExactBeyondALong() {
    NewestShare.Counter counter =
        counter(
            worker("a", Long.MAX_VALUE),
            worker("b", Long.MAX_VALUE),
            worker("c", Long.MAX_VALUE).withStatus(WorkerStatus.LEAVING));
    List<int[]> holders = List.of(new int[] {0, 2}, new int[] {0, 2}, new int[] {1});
    NewestShare share = counter.of(D, holders).orElseThrow();
    assertThat(share.copies()).isEqualTo(3);
    assertThat(share.worker()).isEqualTo(WorkerId.of("a"));
    assertThat(share.timesFair()).isBetween(1.333, 1.334);
  }

  @Test
  void greatest_areBounded_andComeFirst() {
    List<NewestShare> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(new NewestShare(DatasetId.of("d" + (10 + i)), 20, WorkerId.of("w"), 1, i % 25));
    }
    List<NewestShare> greatest = NewestShare.greatest(all);
    assertThat(greatest).hasSize(NewestShare.DATASETS);
    assertThat(greatest.get(0).dataset()).isEqualTo(DatasetId.of("d34"));
    assertThat(greatest.get(1).dataset()).isEqualTo(DatasetId.of("d59"));
    assertThat(greatest)
        .extracting(NewestShare::timesFair)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }
}
