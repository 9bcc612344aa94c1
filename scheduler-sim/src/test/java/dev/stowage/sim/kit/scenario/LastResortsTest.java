package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the count of removed replicas that portals may request, from the books alone. */
class LastResortsTest {
  private final ScenarioWorld world =
      ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore());

  @AfterEach
  void end() {
    world.close();
  }

  private void tell(String... lines) throws UnreadableWord {
    for (String line : lines) {
      assertThat(StepReader.read(line).run(world).isDone()).as(line).isTrue();
    }
  }

  /** Bonus replicas fill a fleet in which higher floors then need room. */
  private void full(String... shown) throws UnreadableWord {
    tell("worker w1 capacity=10MiB", "worker w2 capacity=10MiB", "worker w3 capacity=10MiB");
    tell("worker w4 capacity=4MiB", "worker w5 capacity=4MiB");
    tell("ingest f/c1 380-389 size=1792KiB weight=12");
    tell("ingest f/c2 320-329 size=1536KiB weight=12");
    tell("offer d/c3 550-559 size=1024KiB", "ingest d/c6 0-9 size=1536KiB");
    tell("offer f/c8 520-529 size=512KiB", "ingest d/c9 110-119 size=512KiB");
    tell("offer d/c11 10-19 size=768KiB", "schedule", "fetch all");
    tell(shown);
  }

  @Test
  void count_isWhatTheCycleItselfSays() throws UnreadableWord {
    full("publish", "portal p", "set floor=4");
    LifecycleSnapshot before = world.books();
    tell("schedule");
    int said = world.scheduled().orElseThrow().movement().lastResort();
    assertThat(LastResorts.between(before, world.books(), world.time.tick())).isEqualTo(said);
    assertThat(said).as("what there is to count").isPositive();
  }

  @Test
  void replicasThatWentWithTheirWorker_areNoLastResort() throws UnreadableWord {
    full("publish", "portal p");
    LifecycleSnapshot before = world.books();
    tell("leave w5", "schedule");
    assertThat(LastResorts.between(before, world.books(), world.time.tick())).isZero();
  }

  @Test
  void replicasThatNobodyMayAskFor_areNoLastResort() throws UnreadableWord {
    full("set floor=4");
    LifecycleSnapshot before = world.books();
    tell("schedule");
    assertThat(world.scheduled().orElseThrow().movement().preempted()).isPositive();
    assertThat(LastResorts.between(before, world.books(), world.time.tick())).isZero();
  }
}
