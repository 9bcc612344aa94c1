package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests that a reported loss excuses older routes alone, and only once the books agree. */
class LossesTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final ChunkKey KEY = ChunkKey.of("d", "c");
  private static final long ROUTES = 4;

  private final Losses losses = new Losses();
  private ScenarioWorld world;

  @BeforeEach
  void begin() throws UnreadableWord {
    world = ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore());
    tell("worker a capacity=10MiB", "worker b capacity=10MiB", "ingest d/c 0-9 size=1MiB");
    tell("schedule");
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void tell(String... lines) throws UnreadableWord {
    for (String line : lines) {
      assertThat(StepReader.read(line).run(world).isDone()).as(line).isTrue();
    }
  }

  private void report(long publishes, List<ChunkNumber> missing) {
    ReportHeader header = new ReportHeader(A, Incarnation.of(1), Lineage.of(1), 1);
    losses.heard(
        new Command.Applied(header, WorkerAssignmentId.of(1), missing),
        Result.Answer.of(ResultCode.ACCEPTED),
        world::books,
        publishes);
  }

  private ChunkNumber number() {
    return Objects.requireNonNull(world.books().chunkNumber(world.books().chunkPosition(KEY)));
  }

  private boolean isVoid(long routes) {
    return losses.isPromiseVoid(A, number(), routes);
  }

  @Test
  void missingBytes_excuseOlderRoutes_onceTheBooksKnow() throws UnreadableWord {
    report(ROUTES, List.of(number()));
    assertThat(isVoid(ROUTES)).isFalse();
    tell("fetch a except d/c", "schedule");
    losses.observe(world.books(), ROUTES);
    assertThat(isVoid(ROUTES)).isTrue();
    assertThat(isVoid(ROUTES + 1)).isFalse();
    assertThat(losses.isPromiseVoid(WorkerId.of("b"), number(), ROUTES)).isFalse();
  }

  /** An inventory waits for a scheduling cycle; routes are made in the meantime. */
  @Test
  void missingBytes_excuseTheRoutesThatWereMadeUntilTheBooksKnew() throws UnreadableWord {
    report(ROUTES, List.of(number()));
    tell("fetch a except d/c", "schedule");
    losses.observe(world.books(), ROUTES + 2);
    assertThat(isVoid(ROUTES + 2)).isTrue();
    assertThat(isVoid(ROUTES + 3)).isFalse();
  }

  @Test
  void missingBytes_thatAreFoundAgain_excuseNothing() throws UnreadableWord {
    tell("fetch a except d/c", "schedule");
    report(ROUTES, List.of(number()));
    losses.observe(world.books(), ROUTES);
    tell("fetch a", "schedule");
    losses.observe(world.books(), ROUTES);
    assertThat(isVoid(ROUTES)).isFalse();
  }

  @Test
  void missingBytes_thatAreReportedAgain_excuseNoNewerRoutes() throws UnreadableWord {
    tell("fetch a except d/c", "schedule");
    report(ROUTES, List.of(number()));
    losses.observe(world.books(), ROUTES);
    report(ROUTES + 1, List.of(number()));
    assertThat(isVoid(ROUTES)).isTrue();
    assertThat(isVoid(ROUTES + 1)).isFalse();
  }

  @Test
  void lostBytes_areNotTakenBackByTheNextReport() throws UnreadableWord {
    ChunkNumber number = number();
    tell("fetch all", "schedule");
    losses.reported(A, KEY, number, ROUTES);
    report(ROUTES, List.of());
    tell("lost a d/c", "schedule");
    losses.observe(world.books(), ROUTES);
    assertThat(losses.isPromiseVoid(A, number, ROUTES)).isTrue();
  }

  /** The books never knew of it; what is dropped later is dropped for another reason. */
  @Test
  void missingBytes_thatTheNextReportTakesBack_excuseNothing() throws UnreadableWord {
    report(ROUTES, List.of(number()));
    report(ROUTES, List.of());
    ChunkNumber number = number();
    tell("fetch all", "leave a", "settle");
    losses.observe(world.books(), ROUTES);
    assertThat(losses.isPromiseVoid(A, number, ROUTES)).isFalse();
  }
}
