package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests reads of chunks and workers by position, and of routes by key and block. */
class ReadByPositionTest {
  private final SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");

  private int chunk(String path) {
    return world.state.chunkPosition(SmallWorld.key(path));
  }

  @Test
  void chunks_haveThePositionsBelowTheLimit() {
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    LifecycleView view = world.state;
    assertThat(view.chunkCount()).isEqualTo(2);
    assertThat(view.chunkLimit()).isGreaterThanOrEqualTo(2);
    assertThat(view.isChunk(chunk("d/c"))).isTrue();
    assertThat(view.isChunk(view.chunkLimit())).isFalse();
    assertThat(view.eligibility(chunk("d/c"))).isEqualTo(Eligibility.ANY);
    assertThat(view.weight(chunk("d/c"))).isEqualTo(1);
  }

  @Test
  void workers_haveThePositionsBelowTheLimit() {
    LifecycleView view = world.state;
    int a = view.workerPosition(WorkerId.of("a"));
    assertThat(view.workerCount()).isEqualTo(2);
    assertThat(view.workerLimit()).isGreaterThanOrEqualTo(2);
    assertThat(view.isWorker(a)).isTrue();
    assertThat(view.isWorker(view.workerLimit())).isFalse();
    assertThat(view.workerRow(a).id()).isEqualTo(WorkerId.of("a"));
    assertThat(view.incarnation(a)).isEqualTo(Incarnation.of(1));
  }

  @Test
  void routes_areFoundByBlockAndByKey() {
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 20, 29);
    world.settle();
    PortalAssignment routes = world.state.portalAssignment();
    assertThat(key(routes, 0)).containsExactly("d/c");
    assertThat(key(routes, 9)).containsExactly("d/c");
    assertThat(key(routes, 10)).isEmpty();
    assertThat(key(routes, 19)).isEmpty();
    assertThat(key(routes, 20)).containsExactly("d/e");
    assertThat(key(routes, 30)).isEmpty();
    assertThat(routes.route(DatasetId.of("none"), 0)).isEmpty();
    assertThat(routes.route(SmallWorld.key("d/e")).map(Route::range))
        .contains(BlockRange.of(20, 29));
    assertThat(routes.route(SmallWorld.key("d/x"))).isEmpty();
  }

  private static List<String> key(PortalAssignment routes, long block) {
    return routes.route(DatasetId.of("d"), block).map(route -> route.key().toString()).stream()
        .toList();
  }
}
