package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands from many threads have one order; readers see one moment and never wait. */
class ManyThreadsTest {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private final Stowage stowage =
      audit.watch(
          Stowage.builder(store).config(SmallFleet.config().withAudit(AuditLevel.STATE)).build());
  private final SmallFleet fleet = new SmallFleet(stowage);

  @Test
  void readers_seeOneMoment_whileTheWriterGoesOn() throws Exception {
    stowage.claim(fleet.now());
    fleet.join(1_000_000, "a", "b", "c");
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Boolean>> work = new ArrayList<>();
    work.add(() -> {
      for (int i = 0; i < 40; i++) {
        fleet.ingest(chunk("c" + i, 10L * i));
        fleet.round();
      }
      done.set(true);
      return true;
    });
    for (int reader = 0; reader < 2; reader++) {
      work.add(() -> {
        long newest = 0;
        while (!done.get()) {
          FleetView view = store.view();
          List<Route> routes = view.portalAssignment().routes();
          boolean whole =
              routes.size() == view.portalAssignment().visible(dataset()).size()
                  && view.ids().portal().value() >= newest
                  && routes.stream().noneMatch(Route::isUnavailable);
          newest = view.ids().portal().value();
          if (!whole) {
            return false;
          }
        }
        return true;
      });
    }
    assertThat(all(work)).doesNotContain(false);
  }

  private static List<Boolean> all(List<Callable<Boolean>> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(work.size());
    try {
      List<Boolean> answers = new ArrayList<>();
      for (Future<Boolean> answer : pool.invokeAll(work, 2, TimeUnit.MINUTES)) {
        answers.add(answer.get());
      }
      return answers;
    } finally {
      pool.shutdownNow();
    }
  }
}
