package dev.stowage.sim.clients;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Fleets of clients keep what the lifecycle promises, whatever happens to wire, disks and lead. */
class ClientsTest {
  @Property(seed = "1", tries = 2, shrinking = ShrinkingMode.OFF)
  void clients_keepThePromises(@ForAll long seed) {
    keepThePromises(seed);
  }

  @Tag("deep")
  @Property(seed = "2", tries = 60, shrinking = ShrinkingMode.OFF)
  void manyClients_keepThePromises(@ForAll long seed) {
    keepThePromises(seed);
  }

  private static void keepThePromises(long seed) {
    try (ClientWorld world = new ClientWorld(seed)) {
      for (int step = 0; step < 800 && world.findings().isEmpty(); step++) {
        world.step();
      }
      if (world.findings().isEmpty()) {
        world.settle();
      }
      assertThat(world.findings()).isEmpty();
    }
  }

  /** A lost chunk is fetched again and deleted, while a portal has routes from before the loss. */
  @Example
  void lostChunk_fetchedAgainAndDeleted_isNoLossOfReaders() {
    keepThePromises(-1295415);
  }
}
