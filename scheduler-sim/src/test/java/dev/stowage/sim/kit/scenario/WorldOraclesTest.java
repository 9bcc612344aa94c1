package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.StowageListener;
import dev.stowage.client.RouteBook;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.Result.Movement;
import dev.stowage.config.MovementBudget;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.StandingOracle;
import dev.stowage.sim.kit.world.SightOracle;
import dev.stowage.sim.kit.world.WorldFindings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each oracle finds the least violation, and nothing where it is nearly one. */
class WorldOraclesTest {
  private static final long MIB = 1 << 20;

  private Story story;

  @BeforeEach
  void begin() {
    story =
        Story.begun(
            "config floor=1",
            Story.MEMORY,
            Story.Beside.NOTHING,
            StowageListener.NONE,
            EvidenceSink.NONE);
    List.of(
            "worker a capacity=10MiB",
            "ingest d/c 0-9 size=1MiB",
            "round",
            "ingest d/large 10-19 size=3MiB")
        .forEach(line -> assertThat(story.tell(line)).isEqualTo(new LineResult.Happened()));
  }

  @AfterEach
  void end() {
    story.close();
  }

  @Test
  void overBudget_byOneByte_isFound() {
    assertThat(overBudget(Map.of("growth", 2 * MIB, "balance", 2 * MIB + 1), 4 * MIB)).isPresent();
    assertThat(overBudget(Map.of("intent", 3 * MIB + 1), MIB)).isPresent();
  }

  @Test
  void overBudget_byFloorsOrByOneLargeReplica_isNothing() {
    assertThat(overBudget(Map.of("growth", 2 * MIB, "balance", 2 * MIB), 4 * MIB)).isEmpty();
    assertThat(overBudget(Map.of("new", 9 * MIB, "repair", 9 * MIB), 4 * MIB)).isEmpty();
    assertThat(overBudget(Map.of("growth", 3 * MIB), MIB)).isEmpty();
  }

  @Test
  void overBudget_whereNothingMayGo_isEveryByteOfGrowthAndMoves_andNoneOfFloors() {
    assertThat(overBudget(Map.of("growth", 1L), 0)).isPresent();
    assertThat(overBudget(Map.of("balance", 1L), 0)).isPresent();
    assertThat(overBudget(Map.of("new", MIB, "repair", MIB), 0)).isEmpty();
  }

  private Optional<Finding> overBudget(Map<String, Long> bytes, long budget) {
    Movement movement = new Movement(1, 0, 0, 0, 0, 0, new TreeMap<>(bytes));
    Result.Scheduled cycle =
        new Result.Scheduled(
            Tick.of(1),
            true,
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            false,
            0,
            0,
            movement,
            List.of(),
            List.of(),
            false,
            0,
            BudgetInForce.NONE,
            Optional.empty(),
            Optional.empty());
    return WorldOracles.overBudget(cycle, MovementBudget.ofBytes(budget), story.books());
  }

  private List<String> sight(RouteBook before, RouteBook after) {
    WorldFindings findings = new WorldFindings();
    new SightOracle(findings)
        .moved("p", before, after, gone -> StoryPortals.mayGo(story.books(), gone));
    return findings.violations();
  }

  private RouteBook shown(long id, String... chunks) {
    return RouteBook.of(
        new RoutesDocument(
            story.books().fleetRow().lineage(),
            PortalAssignmentId.of(id),
            Optional.empty(),
            List.of(),
            Stream.of(chunks)
                .map(it ->
                    new Route(
                        ChunkKey.of("d", it), BlockRange.of(0, 9), number(it), MIB, List.of()))
                .toList()));
  }

  @Test
  void neitherSide_ofAVisibleChunk_isFound() {
    assertThat(sight(shown(1, "c"), shown(2))).hasSize(1);
  }

  @Test
  void neitherSide_ofAChunkThatIsStillSeenOrWasDropped_isNothing() {
    RouteBook seen = shown(1, "c");
    assertThat(sight(seen, shown(2, "c"))).isEmpty();
    assertThat(sight(shown(1, "large"), shown(2))).isEmpty();
    story.tell("remove d/c");
    story.tell("publish");
    assertThat(sight(seen, shown(2))).isEmpty();
  }

  /** Two possessed replicas of a chunk of this floor, and no room for more. */
  private LifecycleSnapshot twoCopies(int floor) {
    tell("set floor=2");
    tell("worker b capacity=10MiB");
    tell("settle");
    tell("set floor=" + floor);
    return story.books();
  }

  private void tell(String line) {
    assertThat(story.tell(line)).as("%s", line).isEqualTo(new LineResult.Happened());
  }

  @Test
  void fewerCopies_thanTheFloorAndThanThereWere_areFound() {
    LifecycleSnapshot before = twoCopies(2);
    tell("lost a d/c");
    assertThat(WorldOracles.fewerCopies(before, story.books())).isPresent();
    LifecycleSnapshot one = story.books();
    tell("lost b d/c");
    assertThat(WorldOracles.fewerCopies(one, story.books()))
        .as("below the floor it still is no less than there were")
        .isPresent();
  }

  @Test
  void fewerCopies_aboveTheFloorOrOfAWorkerThatLeft_areNothing() {
    LifecycleSnapshot before = twoCopies(1);
    assertThat(WorldOracles.fewerCopies(before, story.books())).isEmpty();
    tell("lost a d/c");
    assertThat(WorldOracles.fewerCopies(before, story.books())).as("the floor is 1").isEmpty();
    tell("settle");
    LifecycleSnapshot whole = story.books();
    tell("leave b");
    assertThat(WorldOracles.fewerCopies(whole, story.books())).isEmpty();
    tell("return b disk=kept");
    assertThat(WorldOracles.fewerCopies(story.books(), whole)).isEmpty();
  }

  @Test
  void standing_isThatOfTheLastCycle() {
    twoCopies(2);
    tell("lost a d/c");
    tell("publish");
    assertThat(story.books().kept(KeptValue.LEADER_STANDING).underFloor()).isOne();
    assertThat(StandingOracle.wrong(story.books())).isEmpty();
    tell("set floor=1");
    assertThat(StandingOracle.wrong(story.books())).as("no cycle has counted it").isPresent();
    tell("publish");
    assertThat(StandingOracle.wrong(story.books())).isEmpty();
  }

  @Test
  void fewerCopies_ofAWorkerWithAnotherDisk_areNothing() {
    LifecycleSnapshot before = twoCopies(2);
    tell("return b disk=empty");
    tell("schedule");
    assertThat(WorldOracles.fewerCopies(before, story.books())).isEmpty();
    tell("lost a d/c");
    assertThat(WorldOracles.fewerCopies(before, story.books()))
        .as("what the other worker has counts all the same")
        .isPresent();
  }

  @Test
  void fewerCopies_withWhatAWorkerBroughtBack_areNothing() {
    twoCopies(1);
    tell("leave b");
    LifecycleSnapshot before = story.books();
    tell("lost a d/c");
    assertThat(WorldOracles.fewerCopies(before, story.books())).isPresent();
    tell("return b disk=kept");
    tell("schedule");
    assertThat(WorldOracles.fewerCopies(before, story.books())).isEmpty();
  }

  @Test
  void fewerCopies_ofAWorkerWhoseNewsWasSetAside_areNothing() {
    LifecycleSnapshot before = twoCopies(2);
    tell("spoil b");
    tell("lost b d/c");
    tell("schedule");
    LifecycleSnapshot owes = story.books();
    assertThat(owes.workerRow(owes.workerPosition(WorkerId.of("b"))).owesInventory()).isTrue();
    assertThat(WorldOracles.fewerCopies(before, owes)).isEmpty();
    tell("lost a d/c");
    assertThat(WorldOracles.fewerCopies(before, story.books()))
        .as("what the other worker has counts all the same")
        .isPresent();
  }

  private ChunkNumber number(String id) {
    LifecycleSnapshot books = story.books();
    return Objects.requireNonNull(books.chunkNumber(books.chunkPosition(ChunkKey.of("d", id))), id);
  }
}
