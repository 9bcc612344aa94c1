package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The band of a fleet: the leader's, or what a quarter of the workers have reached. */
class FleetPressureTest {
  private final SmallWorld world = SmallWorld.of(1);

  private static String name(int worker) {
    return "w" + (char) ('a' + worker);
  }

  private void join(int workers) {
    for (int worker = 0; worker < workers; worker++) {
      world.workers(10, name(worker));
    }
  }

  private void say(int worker, double pressure) {
    PressureSnapshot sample = new PressureSnapshot(0, 0, pressure, 0, 0);
    Command<?> said = new Command.Heartbeat(world.header(name(worker)), Optional.of(sample));
    assertThat(world.run(said).isAccepted()).isTrue();
  }

  private PressureBand band() {
    return world.state.pressureAt(world.now);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "4, 1", "5, 2", "8, 2", "9, 3"})
  void band_ofSoManyWorkers_isReachedByAQuarterOfThem_andByNoFewer(int workers, int quarter) {
    join(workers);
    for (int worker = 0; worker < quarter - 1; worker++) {
      say(worker, 1);
    }
    assertThat(band()).isEqualTo(PressureBand.NORMAL);
    say(quarter - 1, 0.9);
    assertThat(band()).isEqualTo(PressureBand.HIGH);
    say(quarter - 1, 0.96);
    assertThat(band()).isEqualTo(PressureBand.CRITICAL);
  }

  @Test
  void band_ofTheLeaderThatNoLongerObserves_isAtLeastElevated() {
    world.now = 1;
    world.run(
        new LeaderCommand.Keep(
            KeptValue.OBSERVED_PRESSURE.with(
                ObservedPressure.NONE.with(
                    new PressureSnapshot(0, 0, 0, 0, 0), Tick.of(world.now)))));
    long staleAfter = world.state.config().feedback().staleAfterTicks();
    assertThat(world.state.pressureAt(world.now + staleAfter)).isEqualTo(PressureBand.NORMAL);
    assertThat(world.state.pressureAt(world.now + staleAfter + 1)).isEqualTo(PressureBand.ELEVATED);
  }

  @Test
  void workers_thatDoNotCount_haveNoSay() {
    join(4);
    say(0, 1);
    assertThat(band()).isEqualTo(PressureBand.CRITICAL);
    world.run(new Command.SetStatus(WorkerId.of(name(0)), WorkerStatus.DEPARTED));
    assertThat(band()).isEqualTo(PressureBand.NORMAL);
  }

  @Test
  void band_ofAWorkerThatNoLongerSaysIt_endsOnceTheReportIsTooOld() {
    join(1);
    say(0, 1);
    world.run(new LeaderCommand.Schedule());
    long told = world.now;
    long staleAfter = world.state.config().feedback().staleAfterTicks();
    assertThat(world.state.pressureAt(told + staleAfter)).isEqualTo(PressureBand.CRITICAL);
    assertThat(world.state.pressureAt(told + staleAfter + 1)).isEqualTo(PressureBand.NORMAL);
  }
}
