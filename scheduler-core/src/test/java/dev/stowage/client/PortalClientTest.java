package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.client.PortalClient.Sight;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PortalClientTest {
  private static final DatasetId D = DatasetId.of("d");
  private static final long WINDOW = 20 * Script.SECOND;

  private final Script script = new Script();
  private final PortalClient portal =
      new PortalClient(Script.FLEET, PortalId.of("p"), script, Script.CONFIG);
  private long now = Script.SECOND;

  private static Route route(long counter, long first) {
    return new Route(
        ChunkKey.of("d", "c" + counter),
        BlockRange.of(first, first + 9),
        Script.number(counter),
        100,
        List.of(Script.WORKER));
  }

  private static RoutesDocument full(Lineage lineage, long id, Route... routes) {
    return new RoutesDocument(
        lineage, PortalAssignmentId.of(id), Optional.empty(), List.of(), List.of(routes));
  }

  private List<WorkerId> strained = List.of();

  private Wire.AskRoutes told(RoutesDocument routes) {
    portal.turn(now);
    Wire.AskRoutes asked = script.asked(Wire.AskRoutes.SHAPE);
    script.reply(
        Envelope.seal(
            DocumentFormat.BINARY,
            Script.FLEET,
            Wire.ToldRoutes.SHAPE,
            new Wire.ToldRoutes(WINDOW, WINDOW, routes, strained, Optional.empty())));
    portal.turn(now);
    now += 3 * Script.SECOND;
    return asked;
  }

  private Sight at(long block) {
    return portal.at(D, block, now);
  }

  @Test
  void portal_routesByBlockAndKey_andTakesDeltas() {
    told(full(Script.LINEAGE, 3, route(1, 0), route(2, 10)));
    assertThat(at(15)).isEqualTo(new Sight.Found(route(2, 10)));
    assertThat(at(20)).isEqualTo(new Sight.Nothing());

    RoutesDocument delta =
        new RoutesDocument(
            Script.LINEAGE,
            PortalAssignmentId.of(4),
            Optional.of(PortalAssignmentId.of(3)),
            List.of(ChunkKey.of("d", "c2")),
            List.of(route(5, 10)));
    assertThat(told(delta).known()).contains(PortalAssignmentId.of(3));
    assertThat(at(15)).isEqualTo(new Sight.Found(route(5, 10)));
    assertThat(portal.of(ChunkKey.of("d", "c2"), now)).isEqualTo(new Sight.Nothing());
  }

  @Test
  void workersUnderPressure_whenTheFleetLastAnswered_areAskedLast() {
    Route route = spread();
    told(full(Script.LINEAGE, 3, route));
    assertThat(portal.workersFor(route, "")).isEqualTo(route.workersFor(portal.id().value(), ""));
    WorkerId first = portal.workersFor(route, "").get(0);

    strained = List.of(first);
    told(full(Script.LINEAGE, 3, route));
    assertThat(portal.workersFor(route, "")).last().isEqualTo(first);
    strained = List.of();
    told(full(Script.LINEAGE, 3, route));
    assertThat(portal.workersFor(route, "").get(0)).isEqualTo(first);
  }

  private static Route spread() {
    Route one = route(1, 0);
    List<WorkerId> workers = List.of(WorkerId.of("a"), WorkerId.of("b"), WorkerId.of("c"));
    return new Route(one.key(), one.range(), one.number(), one.sizeBytes(), workers);
  }

  @Test
  void portal_thatCannotRevalidate_stopsAtTheEndOfTheWindow() {
    assertThat(at(5)).isEqualTo(new Sight.Stale());
    told(full(Script.LINEAGE, 3, route(1, 0)));
    long asked = now - 3 * Script.SECOND;

    assertThat(portal.at(D, 5, asked + WINDOW - 1)).isInstanceOf(Sight.Found.class);
    assertThat(portal.at(D, 5, asked + WINDOW)).isEqualTo(new Sight.Stale());
    assertThat(portal.status(asked + WINDOW).isServing()).isFalse();
  }

  @Test
  void portal_neverGoesBack_norToALineageThatItLeft() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    told(full(Script.LINEAGE, 2));
    assertThat(at(5)).isInstanceOf(Sight.Found.class);
    assertThat(portal.status(now).olderRefused()).isEqualTo(1);

    told(full(Lineage.of(0xb8), 1, route(2, 10)));
    assertThat(at(15)).isInstanceOf(Sight.Found.class);
    told(full(Script.LINEAGE, 9, route(1, 0)));
    assertThat(portal.status(now).lineage()).isEqualTo(Lineage.of(0xb8));
    assertThat(portal.status(now).olderRefused()).isEqualTo(2);
  }

  @Test
  void portal_whoseRoutesAreOver_believesAStoreThatFellBack() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    told(full(Lineage.of(0xb8), 5, route(2, 10)));
    now += WINDOW;
    told(full(Lineage.of(0xb8), 4, route(1, 0)));
    assertThat(at(5)).as("an older assignment").isInstanceOf(Sight.Found.class);
    assertThat(portal.status(now).assignment()).isEqualTo(4);

    now += WINDOW;
    told(full(Script.LINEAGE, 2, route(2, 10)));
    assertThat(at(15)).as("a lineage that it left").isInstanceOf(Sight.Found.class);
    assertThat(portal.status(now).olderRefused()).isZero();
    told(full(Lineage.of(0xb8), 6, route(1, 0)));
    assertThat(portal.status(now).lineage()).isEqualTo(Script.LINEAGE);
  }

  @Test
  void portal_givenADeltaThatDoesNotContinue_asksForEverything() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    told(
        new RoutesDocument(
            Script.LINEAGE,
            PortalAssignmentId.of(7),
            Optional.of(PortalAssignmentId.of(6)),
            List.of(ChunkKey.of("d", "c1")),
            List.of()));
    assertThat(at(5)).isInstanceOf(Sight.Found.class);
    assertThat(told(full(Script.LINEAGE, 7)).known()).isEmpty();
    assertThat(at(5)).isEqualTo(new Sight.Nothing());
  }

  @Test
  void portal_thatFollowsSomeDatasets_saysSoOfOthers() {
    portal.follow(Set.of(DatasetId.of("e")));
    assertThat(told(full(Script.LINEAGE, 3)).datasets()).containsExactly(DatasetId.of("e"));
    assertThat(at(5)).isEqualTo(new Sight.NotFollowed());

    portal.follow(Set.of());
    Wire.AskRoutes asked = told(full(Script.LINEAGE, 3, route(1, 0)));
    assertThat(asked.known()).isEmpty();
    assertThat(at(5)).isInstanceOf(Sight.Found.class);
  }

  @Test
  void clock_thatStepsBack_stopsThePortalUntilItHasRevalidated() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    now -= 100 * Script.SECOND;
    portal.turn(now);
    assertThat(at(5)).isEqualTo(new Sight.Stale());

    now += 2 * Script.SECOND;
    told(full(Script.LINEAGE, 3, route(1, 0)));
    now -= 3 * Script.SECOND;
    assertThat(at(5)).isInstanceOf(Sight.Found.class);
  }

  @Test
  void portal_givenADeltaToBothSidesOfASwap_asksForEverything() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    RoutesDocument both =
        new RoutesDocument(
            Script.LINEAGE,
            PortalAssignmentId.of(4),
            Optional.of(PortalAssignmentId.of(3)),
            List.of(),
            List.of(route(2, 5)));
    told(both);
    assertThat(portal.routes().routes()).containsExactly(route(1, 0));
    assertThat(portal.status(now).trouble()).contains("d/c2 overlaps d/c1");
    assertThat(told(full(Script.LINEAGE, 4, route(2, 5))).known()).isEmpty();
    assertThat(at(5)).isEqualTo(new Sight.Found(route(2, 5)));
  }

  @Test
  void portal_thatIsRefreshed_asksBeforeItsPauseIsOver() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    now -= 3 * Script.SECOND;
    long sent = portal.status(now).requests();
    portal.turn(now);
    assertThat(portal.status(now).requests()).isEqualTo(sent);
    portal.refresh();
    told(full(Script.LINEAGE, 4));
    assertThat(portal.routes().id()).isEqualTo(PortalAssignmentId.of(4));
  }

  @Test
  void routes_thatWereRead_stayAsTheyWere() {
    told(full(Script.LINEAGE, 3, route(1, 0)));
    RouteBook read = portal.routes();
    told(full(Script.LINEAGE, 4, route(2, 10)));
    assertThat(read.at(D, 5)).contains(route(1, 0));
    assertThat(portal.isServing(now)).isTrue();
    assertThat(portal.routes().without(read)).containsExactly(route(2, 10));
  }

  /** A portal behind {@link #portal}; the leader answers nothing but counts its requests. */
  private PortalClient behind(String name) {
    PortalClient behind = new PortalClient(Script.FLEET, PortalId.of(name), leader, Script.CONFIG);
    behind.behind(
        (request, route) -> CompletableFuture.completedFuture(portal.answer(request, now)));
    return behind;
  }

  private final Script leader = new Script();

  private void refreshed(PortalClient behind) {
    behind.refresh();
    behind.turn(now);
    behind.turn(now);
  }

  @Test
  void portalBehindARelay_takesItsRoutes_andUsesThemNoLonger() {
    told(full(Script.LINEAGE, 3, route(1, 0), route(2, 10)));
    long asked = now - 3 * Script.SECOND;
    PortalClient behind = behind("q");
    refreshed(behind);
    assertThat(behind.routes().routes()).containsExactly(route(1, 0), route(2, 10));
    assertThat(behind.isServing(asked + WINDOW - 1)).isTrue();
    assertThat(behind.isServing(asked + WINDOW)).isFalse();

    RoutesDocument delta =
        new RoutesDocument(
            Script.LINEAGE,
            PortalAssignmentId.of(4),
            Optional.of(PortalAssignmentId.of(3)),
            List.of(ChunkKey.of("d", "c2")),
            List.of(route(5, 10)));
    told(delta);
    refreshed(behind);
    assertThat(behind.routes().routes()).containsExactly(route(1, 0), route(5, 10));
    assertThat(behind.routes().id()).isEqualTo(PortalAssignmentId.of(4));
    assertThat(leader.pending()).isNull();

    told(full(Script.LINEAGE, 5, route(1, 0)));
    refreshed(behind);
    assertThat(behind.routes().routes()).containsExactly(route(1, 0));
    assertThat(behind.status(now).failures()).isZero();
  }

  @Test
  void portal_asksToBeHeld_onceItServes_andGivesTheHeldQuestionUpToRefresh() {
    PortalClient held =
        new PortalClient(Script.FLEET, PortalId.of("p"), leader, ClientConfig.DEFAULT);
    assertThat(answered(held, full(Script.LINEAGE, 3, route(1, 0)))).isZero();
    assertThat(answered(held, full(Script.LINEAGE, 4, route(2, 0)))).isEqualTo(WINDOW / 8);
    held.refresh();
    assertThat(leader.pending()).isNotNull();
    assertThat(answered(held, full(Script.LINEAGE, 5, route(1, 0)))).isZero();
    assertThat(held.routes().id()).isEqualTo(PortalAssignmentId.of(5));
    assertThat(held.status(now).failures()).isZero();
  }

  /** Answers the portal's next request, and returns how long that was to be held. */
  private long answered(PortalClient by, RoutesDocument routes) {
    by.turn(now);
    Wire.AskRoutes asked = leader.asked(Wire.AskRoutes.SHAPE);
    tell(by, routes);
    return asked.waitNanos();
  }

  private void tell(PortalClient by, RoutesDocument routes) {
    Wire.ToldRoutes told = new Wire.ToldRoutes(WINDOW, WINDOW, routes, List.of(), Optional.empty());
    leader.reply(Envelope.seal(DocumentFormat.BINARY, Script.FLEET, Wire.ToldRoutes.SHAPE, told));
    by.turn(now);
  }

  @Test
  void relay_sendsWhatChanged_toPortalsThatHaveTheRest() {
    told(full(Script.LINEAGE, 3, route(1, 0), route(2, 10)));
    assertThat(passedOn(2, "").isFull()).isTrue();
    assertThat(passedOn(3, "").isFull()).isFalse();
    assertThat(passedOn(3, "").put()).isEmpty();
    told(
        new RoutesDocument(
            Script.LINEAGE,
            PortalAssignmentId.of(4),
            Optional.of(PortalAssignmentId.of(3)),
            List.of(),
            List.of(route(5, 20))));
    assertThat(passedOn(3, "").put()).containsExactly(route(5, 20));
    assertThat(passedOn(2, "e").isFull()).isTrue();
    assertThat(passedOn(2, "e").put()).isEmpty();
    assertThat(passedOn(3, "d").put()).containsExactly(route(5, 20));
  }

  private RoutesDocument passedOn(long known, String dataset) {
    return Envelope.open(portal.answer(question(known, dataset), now))
        .read(Wire.ToldRoutes.SHAPE)
        .routes();
  }

  private static byte[] question(long known, String dataset) {
    return Envelope.seal(
        DocumentFormat.BINARY,
        Script.FLEET,
        Wire.AskRoutes.SHAPE,
        new Wire.AskRoutes(
            PortalId.of("q"),
            Script.LINEAGE,
            Optional.of(PortalAssignmentId.of(known)),
            dataset.isEmpty() ? List.of() : List.of(DatasetId.of(dataset)),
            0,
            false));
  }

  private String refusal(byte[] question, long at) {
    return Envelope.open(portal.answer(question, at)).read(Wire.Refused.SHAPE).reason();
  }

  @Test
  void relay_thatIsNotFresh_orFollowsLess_orIsOlder_sendsToTheLeader() {
    assertThat(refusal(question(3, ""), now)).contains("ask the leader");
    portal.follow(Set.of(D));
    told(full(Script.LINEAGE, 3, route(1, 0)));
    long asked = now - 3 * Script.SECOND;
    assertThat(refusal(question(3, ""), now)).contains("ask the leader");
    assertThat(refusal(question(3, "e"), now)).contains("ask the leader");
    assertThat(refusal(question(4, "d"), now)).contains("ask the leader");
    assertThat(passedOn(3, "d").put()).isEmpty();
    byte[] half = portal.answer(question(3, "d"), asked + WINDOW / 2);
    assertThat(Envelope.open(half).name()).isEqualTo("routes");
    assertThat(refusal(question(3, "d"), asked + WINDOW / 2 + 1)).contains("ask the leader");
  }

  @Test
  void portalBehindARelay_thatRefuses_asksTheLeaderInTheSameTurn_andTheRelayNextTime() {
    PortalClient behind = behind("q");
    refreshed(behind);
    assertThat(leader.asked(Wire.AskRoutes.SHAPE).portal()).isEqualTo(PortalId.of("q"));
    tell(behind, full(Script.LINEAGE, 4, route(1, 0)));
    assertThat(behind.routes().id()).isEqualTo(PortalAssignmentId.of(4));

    told(full(Script.LINEAGE, 5, route(2, 10)));
    refreshed(behind);
    assertThat(behind.routes().id()).isEqualTo(PortalAssignmentId.of(5));
    assertThat(leader.pending()).isNull();
    behind.behindNobody();
    behind.turn(now);
    assertThat(leader.pending()).isEqualTo("ask_routes");
  }
}
