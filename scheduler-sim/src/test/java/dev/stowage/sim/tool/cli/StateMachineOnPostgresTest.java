package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioLibrary;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/**
 * Chains of deeds on PostgreSQL, in memory and in the reference model, step by step. Fleets trust
 * the server's clock, as those of a host do, except in stories with a clock of their own and in the
 * chains of workers. A chain takes a second here: {@code stowage.tries} is for chains in memory.
 * Some scenario files are told alike; all of them are by {@code stowage scenario --backend both}.
 */
class StateMachineOnPostgresTest {
  private static final int ACTIONS = 60;

  /** One of each kind of trouble. */
  private static final List<String> FILES =
      List.of(
          "00-example.txt",
          "207-another-disk-possesses-nothing.txt",
          "219-quorum-confirms-for-stragglers.txt",
          "306-offered-chunks-are-admitted-in-order.txt",
          "506-rejections-in-their-order.txt",
          "508-a-chain-fires-in-order.txt",
          "510-cancel-takes-what-rests-on-it.txt",
          "603-backpressure.txt",
          "819-what-was-durable-outlives-a-killed-server.txt");

  private static @Nullable PostgresWorlds postgres;
  private static final Map<List<WalkModel>, StateMachine> MACHINES = new HashMap<>();

  @AfterContainer
  static void stop() {
    assertThat(all().shortages()).isEmpty();
    MACHINES.clear();
    if (postgres != null) {
      postgres.close();
    }
  }

  private static StateMachine machine(UnaryOperator<WalkBackend> clock, WalkModel... models) {
    return MACHINES.computeIfAbsent(List.of(models), all -> begun(clock, all));
  }

  private static StateMachine begun(UnaryOperator<WalkBackend> clock, List<WalkModel> models) {
    return new StateMachine(models, clock.apply(WalkBackend.memoryAnd(worlds())), ACTIONS);
  }

  private static PostgresWorlds worlds() {
    try {
      PostgresWorlds worlds = postgres;
      if (worlds == null) {
        worlds = PostgresWorlds.at(System.getenv("STOWAGE_TEST_JDBC_URL"));
        postgres = worlds;
      }
      return worlds;
    } catch (UnreadableException unreachable) {
      throw new IllegalStateException(unreachable);
    }
  }

  private static StateMachine all() {
    return machine(WalkBackend::withClock, WalkModel.values());
  }

  private static StateMachine ofWorkers() {
    return machine(
        UnaryOperator.identity(), WalkModel.CHURN, WalkModel.PER_WORKER, WalkModel.FLOOD);
  }

  private static StateMachine ofFaults() {
    return machine(WalkBackend::withClock, WalkModel.CRASH, WalkModel.SWARM);
  }

  @Provide
  Arbitrary<StateMachine.Chain> chains() {
    return all().chains();
  }

  @Provide
  Arbitrary<StateMachine.Chain> chainsOfWorkers() {
    return ofWorkers().chains();
  }

  @Provide
  Arbitrary<StateMachine.Chain> chainsOfFaults() {
    return ofFaults().chains();
  }

  @Example
  void scenario_isTheSameOnEveryBackend() throws ScenarioProblems {
    for (String name : FILES) {
      Scenario file = Scenario.parse(name, ScenarioLibrary.text(name));
      assertThat(file.runBesideTheModel(worlds())).isEmpty();
    }
  }

  @Property(seed = "1", tries = 4)
  void chain_isTheSameOnEveryBackend(@ForAll("chains") StateMachine.Chain chain) {
    all().tell(chain);
  }

  @Tag("deep")
  @Property(seed = "4", tries = 50)
  void chain_ofAnyDeeds_isTheSame(@ForAll("chains") StateMachine.Chain chain) {
    all().tell(chain);
  }

  @Tag("deep")
  @Property(seed = "2", tries = 50)
  void chain_ofWorkersThatComeAndGo_isTheSame(@ForAll("chainsOfWorkers") StateMachine.Chain chain) {
    ofWorkers().tell(chain);
  }

  @Tag("deep")
  @Property(seed = "3", tries = 50)
  void chain_ofStoresAndSchedulersThatFail_isTheSame(
      @ForAll("chainsOfFaults") StateMachine.Chain chain) {
    ofFaults().tell(chain);
  }
}
