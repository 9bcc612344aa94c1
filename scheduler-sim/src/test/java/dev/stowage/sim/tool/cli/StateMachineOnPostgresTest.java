package dev.stowage.sim.tool.cli;

import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Chains of deeds on PostgreSQL, in memory and in the reference model, step by step. */
class StateMachineOnPostgresTest {
  private static @Nullable PostgresWorlds postgres;
  private static @Nullable StateMachine machine;

  @BeforeContainer
  static void start() throws UnreadableException {
    PostgresWorlds worlds = PostgresWorlds.at(System.getenv("STOWAGE_TEST_JDBC_URL"));
    postgres = worlds;
    machine = new StateMachine(List.of(WalkModel.values()), WalkBackend.memoryAnd(worlds), 60);
  }

  @AfterContainer
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Provide
  Arbitrary<StateMachine.Chain> chains() {
    return machine.chains();
  }

  @Property(seed = "1")
  void chain_isTheSameOnEveryBackend(@ForAll("chains") StateMachine.Chain chain) {
    machine.run(chain);
  }
}
