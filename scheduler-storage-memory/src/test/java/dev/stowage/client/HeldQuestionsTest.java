package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that a leader's door and a follower's hold. */
class HeldQuestionsTest {
  private static final String FLEET = "f";
  private static final long SECOND = 1_000_000_000L;
  private static final long LONG = Duration.ofHours(1).toNanos();
  private static final int MOST = 3;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final MemoryChunkStore store =
      MemoryChunkStore.builder().leaseClock(clock::get).fixedLineages().build();
  private final Plane leader = new Plane("first");
  private final Plane follower = new Plane("second");
  private final SmallFleet fleet = new SmallFleet(leader.stowage);

  /** A process of the control plane. */
  private final class Plane {
    final Stowage stowage;
    final StowageService service;
    final AssignmentPropagation news;
    final ClientDoor door;

    Plane(String holder) {
      StowageConfig config =
          SmallFleet.config().withFleet(fleet -> fleet.drainWindowTicks(60).lineagePauseTicks(60));
      stowage = Stowage.builder(store).config(config.withHolder(holder)).build();
      service = new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
      news = Propagation.of(stowage, PropagationConfig.DEFAULT.withFanOut(2));
      door = ClientDoor.of(stowage, FLEET).holding(service, news, MOST, Runnable::run);
    }

    CompletableFuture<Wire.ToldRoutes> portal(String name, long waitNanos, String... datasets) {
      Optional<PortalAssignmentId> known = Optional.of(store.view().ids().portal());
      List<DatasetId> some = List.of(datasets).stream().map(DatasetId::of).toList();
      Wire.AskRoutes question =
          new Wire.AskRoutes(PortalId.of(name), lineage(), known, some, waitNanos, false);
      return ask(Envelope.seal(DocumentFormat.BINARY, FLEET, Wire.AskRoutes.SHAPE, question))
          .thenApply(answer -> answer.read(Wire.ToldRoutes.SHAPE));
    }

    CompletableFuture<Wire.ToldSlice> worker(String name) {
      WorkerAssignmentId known = store.view().ids().worker();
      Wire.AskSlice question =
          new Wire.AskSlice(WorkerId.of(name), lineage(), Optional.of(known), LONG);
      return ask(Envelope.seal(DocumentFormat.JSON, FLEET, Wire.AskSlice.SHAPE, question))
          .thenApply(answer -> answer.read(Wire.ToldSlice.SHAPE));
    }

    private CompletableFuture<Envelope> ask(byte[] request) {
      CompletableFuture<Envelope> answer =
          door.ask(request, clock.get()).thenApply(Envelope::open).toCompletableFuture();
      if (service.state() != StowageService.State.STOPPED) {
        service.deliver();
      }
      return answer;
    }

    int recipients() {
      return news.recipients().size();
    }
  }

  private Lineage lineage() {
    return store.view().lineage();
  }

  private void turn() {
    clock.addAndGet(SECOND);
    fleet.pass(1);
    leader.service.turn();
  }

  /** Makes a chunk of a dataset visible. */
  private void show(String dataset, long first) {
    fleet.ingest(Chunk.of(ChunkKey.of(dataset, "c" + first), BlockRange.of(first, first + 9), 100));
    for (int turns = 0; turns < 4; turns++) {
      turn();
      fleet.fetch();
    }
  }

  @BeforeEach
  void begin() {
    turn();
    fleet.join(10_000, "a", "b");
    show("d", 0);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
    leader.stowage.close();
    follower.stowage.close();
  }

  @Test
  void portalsAndWorkers_areToldByTheTurnThatChangesWhatTheyHold_andNobodyElse() {
    CompletableFuture<Wire.ToldRoutes> all = leader.portal("p", LONG);
    CompletableFuture<Wire.ToldRoutes> others = leader.portal("q", LONG, "e");
    CompletableFuture<Wire.ToldSlice> worker = leader.worker("a");
    assertThat(List.of(all, others, worker)).noneMatch(CompletableFuture::isDone);
    assertThat(leader.recipients()).isEqualTo(3);

    show("d", 10);
    assertThat(all.join().routes().put()).extracting(it -> it.key().id()).containsExactly("c10");
    assertThat(all.join().routes().from()).isPresent();
    assertThat(worker.join().slice().orElseThrow().put()).hasSize(1);
    assertThat(others).isNotDone();
    show("e", 0);
    assertThat(others.join().routes().put()).hasSize(1);
  }

  @Test
  void question_ofOneWhoIsBehind_orThatDoesNotWait_isAnsweredAtOnce() {
    assertThat(leader.portal("p", 0)).isDone();
    CompletableFuture<Wire.ToldRoutes> held = leader.portal("p", LONG);
    assertThat(held).isNotDone();
    assertThat(leader.portal("p", LONG)).as("asked again").isNotDone();
    assertThat(held).as("the former question").isDone();
    assertThat(leader.worker("unknown").join().slice()).isEmpty();
    assertThat(leader.recipients()).isEqualTo(1);
  }

  @Test
  void question_beyondTheBound_isAnsweredAtOnce() {
    for (int portal = 0; portal < MOST; portal++) {
      assertThat(leader.portal("p" + portal, LONG)).isNotDone();
      assertThat(follower.portal("p" + portal, LONG)).isNotDone();
    }
    assertThat(leader.portal("more", LONG).join().isEmpty()).isTrue();
    assertThat(follower.portal("more", LONG).join().isEmpty()).isTrue();
    assertThat(leader.recipients()).isEqualTo(MOST);
  }

  @Test
  void question_whoseWaitIsOver_isToldThatNothingIsNew() throws Exception {
    CompletableFuture<Wire.ToldRoutes> longer = leader.portal("q", LONG);
    Wire.ToldRoutes answer = leader.portal("p", 20_000_000).get(1, TimeUnit.MINUTES);
    assertThat(answer.isEmpty()).isTrue();
    assertThat(longer).isNotDone();
  }

  @Test
  void questions_endWithTheService() {
    CompletableFuture<Wire.ToldRoutes> held = leader.portal("p", LONG);
    leader.service.close();
    assertThat(held.join().isEmpty()).isTrue();
    assertThat(leader.door.ask(new byte[0], clock.get()).toCompletableFuture()).isDone();
  }

  @Test
  void questions_endWithTheLease_andAnotherLeaderTellsTheNews() {
    CompletableFuture<Wire.ToldRoutes> former = leader.portal("p", LONG);
    CompletableFuture<Wire.ToldRoutes> later = follower.portal("p", LONG);
    leader.stowage.resign();
    clock.addAndGet(SECOND);
    follower.service.turn();
    assertThat(later).as("held by a process that begins to lead").isDone();
    leader.service.turn();
    assertThat(former).isDone();
  }

  @Test
  void follower_isWokenByTheStore() {
    CompletableFuture<Wire.ToldRoutes> portal = follower.portal("p", LONG);
    CompletableFuture<Wire.ToldRoutes> others = follower.portal("q", LONG, "e");
    CompletableFuture<Wire.ToldSlice> worker = follower.worker("a");
    assertThat(follower.recipients()).isZero();
    show("d", 10);
    assertThat(portal.join().routes().put()).hasSize(1);
    assertThat(worker.join().slice().orElseThrow().put()).hasSize(1);
    assertThat(others).isNotDone();
  }

  @Test
  void portalClient_seesASwapByTheHintOfAnAnswer() {
    PortalClient portal = portal("p");
    AtomicLong hints = new AtomicLong();
    portal.turn(clock.get());
    portal.turn(clock.get());
    portal.waking(hints::incrementAndGet);
    leader.service.deliver();
    show("d", 10);
    assertThat(hints.get()).isPositive();
    portal.turn(clock.get());
    assertThat(portal.routes().of(ChunkKey.of("d", "c10"))).isPresent();
  }

  private final Map<String, PortalClient> portals = new HashMap<>();

  private PortalClient portal(String name) {
    Transport toLeader = (request, route) -> leader.door.ask(request, clock.get());
    return new PortalClient(FLEET, PortalId.of(name), toLeader, ClientConfig.DEFAULT);
  }

  private Transport to(PortalId relay) {
    return (request, route) -> portals.get(relay.value()).ask(request, clock.get());
  }

  /** Creates relaying portals: the leader tells p and q, and p tells r. */
  private void formTree() {
    for (String name : List.of("p", "q", "r")) {
      portals.put(name, portal(name).relaying(this::to, MOST, Runnable::run));
      turns(name);
    }
  }

  private PortalClient turns(String name) {
    for (int turn = 0; turn < 4; turn++) {
      portals.get(name).turn(clock.get());
      leader.service.deliver();
    }
    return portals.get(name);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void portalBehindARelay_hearsOfASwapWithTheRelay_andOfTheLeaderOnceThatIsGone(boolean isClosed) {
    formTree();
    AtomicLong hints = new AtomicLong();
    PortalClient portal = portals.get("r").waking(hints::incrementAndGet);
    show("d", 10);
    assertThat(hints.get()).as("the relay holds its question").isZero();
    turns("p");
    assertThat(hints.get()).isPositive();
    assertThat(turns("r").routes().of(ChunkKey.of("d", "c10"))).isPresent();
    if (isClosed) {
      portals.get("p").close();
    } else {
      portals.remove("p");
      portal.refresh();
    }
    turns("r");
    hints.set(0);
    show("d", 20);
    assertThat(hints.get()).as("the leader told it").isPositive();
    assertThat(turns("r").routes().of(ChunkKey.of("d", "c20"))).isPresent();
  }

  @Test
  void recipient_thatAsksNoMore_isUnregistered() {
    CompletableFuture<Wire.ToldRoutes> held = leader.portal("p", LONG);
    for (int chunk = 1; leader.recipients() > 0 && chunk < 100; chunk++) {
      show("d", 10L * chunk);
    }
    assertThat(held).isDone();
    leader.service.deliver();
    assertThat(leader.recipients()).isZero();
  }
}
