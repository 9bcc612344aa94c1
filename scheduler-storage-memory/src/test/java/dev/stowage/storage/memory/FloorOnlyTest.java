package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.SmallFleet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Whoever asks for three copies of everything gets three, however empty the fleet is. */
class FloorOnlyTest {
  private static final String[] TEN = {"a", "b", "c", "e", "f", "g", "h", "i", "j", "k"};

  private static int replicas(UnaryOperator<LifecycleConfig.Builder> options) {
    StowageConfig config = StowageConfig.defaults().withFleet(options);
    try (Stowage stowage =
        Stowage.builder(MemoryChunkStore.builder().twin().fixedLineages().build())
            .config(config)
            .build()) {
      SmallFleet fleet = new SmallFleet(stowage);
      assertThat(stowage.claim(fleet.now()).granted()).isTrue();
      fleet.join(1_000, TEN).ingest(chunk("c1", 0)).settle();
      return stowage.status(List.of(key("c1"))).get(0).replicas();
    }
  }

  @Test
  void floorOnTenEmptyWorkers_isAllThatThereIs_unlessGrowthIsAskedFor() {
    assertThat(replicas(fleet -> fleet.minReplication(3))).isEqualTo(3);
    assertThat(replicas(fleet -> fleet.minReplication(3).maxReplication(5))).isEqualTo(5);
    assertThat(replicas(fleet -> fleet.minReplication(3).maxReplication(2))).isEqualTo(3);
    assertThat(replicas(fleet -> fleet.minReplication(3).maxReplication(WeightPolicy.UNCAPPED)))
        .isEqualTo(10);
  }
}
