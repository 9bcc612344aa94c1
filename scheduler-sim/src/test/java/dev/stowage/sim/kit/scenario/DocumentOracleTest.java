package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.DocumentOracle;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.store.FleetView;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The oracle of published documents finds the least thing that a delta leaves out or adds, and
 * nothing in one that says more than it needs to.
 */
class DocumentOracleTest {
  private static final List<WorkerId> WORKERS = List.of(WorkerId.of("a"), WorkerId.of("b"));

  private final DocumentOracle oracle = new DocumentOracle();
  private ScenarioWorld world;

  /** Everybody holds c, and has looked once. */
  @BeforeEach
  void begin() {
    world = ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore());
    tell("worker a capacity=10MiB", "worker b capacity=10MiB");
    tell("ingest d/c 0-9 size=1MiB", "round 2");
    assertThat(oracle.look(world.view(), WORKERS)).isEmpty();
    assertThat(world.routes().routes()).hasSize(1);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void tell(String... lines) {
    for (String line : lines) {
      StepOutcome outcome = told(line);
      assertThat(outcome.isDone()).as(line).isTrue();
    }
  }

  private StepOutcome told(String line) {
    try {
      return StepReader.read(line).run(world);
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(line, unreadable);
    }
  }

  private void finds(UnaryOperator<RoutesDocument> routes, UnaryOperator<SliceDocument> slices) {
    assertThat(oracle.look(new Told(world.view(), routes, slices), WORKERS)).isPresent();
  }

  @Test
  void routes_thatAreLeftOut_areFound() {
    tell("ingest d/e 10-19 size=1MiB", "round 2");
    finds(delta -> with(delta, delta.removed(), List.of()), UnaryOperator.identity());
  }

  @Test
  void routes_thatAreTakenAwayThoughTheyStay_areFound() {
    tell("ingest d/e 10-19 size=1MiB", "round 2");
    finds(
        delta -> with(delta, List.of(ChunkKey.of("d", "c")), delta.put()),
        UnaryOperator.identity());
  }

  private static RoutesDocument with(
      RoutesDocument delta, List<ChunkKey> removed, List<Route> put) {
    return new RoutesDocument(delta.lineage(), delta.id(), delta.from(), removed, put);
  }

  @Test
  void entries_ofAnotherSince_areFound() {
    tell("ingest d/e 10-19 size=1MiB", "round 2");
    finds(
        UnaryOperator.identity(),
        delta ->
            new SliceDocument(delta.header(), delta.keep(), delta.removed(), older(delta.put())));
  }

  private static List<SliceEntry> older(List<SliceEntry> entries) {
    return entries.stream()
        .map(it -> new SliceEntry(it.key(), it.number(), it.sizeBytes(), it.since() - 1))
        .toList();
  }

  @Test
  void entries_thatGoAndAreNotSaidTo_areFound() {
    tell("remove d/c", "settle");
    finds(
        UnaryOperator.identity(),
        delta -> new SliceDocument(delta.header(), delta.keep(), List.of(), delta.put()));
  }

  // ---- those who look rarely ----

  @Test
  void deltas_ofMoreThanOneAssignment_areJudgedToo() {
    assertThat(firstFinding(delta -> with(delta, delta.removed(), List.of()))).isPresent();
  }

  @Test
  void deltas_ofMoreThanOneAssignment_thatAreSound_areNothing() {
    assertThat(firstFinding(UnaryOperator.identity())).isEmpty();
    assertThat(oracle.read()).isGreaterThan(20);
  }

  /** Many looks at a fleet that changes; only who did not look at the last change is told this. */
  private Optional<Finding> firstFinding(UnaryOperator<RoutesDocument> toTheLate) {
    for (int at = 2; at <= 16; at++) {
      long last = world.routes().id().value();
      tell("ingest d/n" + at + " " + at * 10 + "-" + (at * 10 + 9) + " size=512KiB", "round 2");
      Told told =
          new Told(
              world.view(),
              delta ->
                  delta.from().filter(from -> from.value() < last).isPresent()
                      ? toTheLate.apply(delta)
                      : delta,
              UnaryOperator.identity());
      Optional<Finding> found = oracle.look(told, WORKERS);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** A fleet of which deltas are told otherwise. */
  private static final class Told extends FleetView {
    private final UnaryOperator<RoutesDocument> routes;
    private final UnaryOperator<SliceDocument> slices;

    Told(
        FleetView truth,
        UnaryOperator<RoutesDocument> routes,
        UnaryOperator<SliceDocument> slices) {
      super(truth);
      this.routes = routes;
      this.slices = slices;
    }

    @Override
    public Optional<SliceDocument> sliceSince(
        WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
      return super.sliceSince(worker, lineage, known).map(slices);
    }

    @Override
    public RoutesDocument portalSince(Lineage lineage, PortalAssignmentId known) {
      return routes.apply(super.portalSince(lineage, known));
    }
  }
}
