package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.StowageFleets.Listing;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.SmallFleet;
import dev.stowage.metrics.FleetMeters;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetServer;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many fleets in processes whose threads and clock are the test's own. */
class StowageFleetsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int PER_SERVER = 2;

  private long nanos = SECOND;
  private final Map<String, MemoryChunkStore> stores = new TreeMap<>();
  private final List<String> touched = new ArrayList<>();
  private boolean isAway;
  private boolean isResigningBroken;
  private StowageService service;

  /** What hangs in process one, and in the turns of which fleets, until they are healed. */
  private enum Part {
    LISTENER,
    STORE,
    /** It has no more threads for as many of thirty turns, drawn by lot. */
    EXECUTOR
  }

  private final Random lots = new Random(1);

  private Part sickPart = Part.LISTENER;
  private final Set<String> sick = new ConcurrentSkipListSet<>();
  private final CountDownLatch healed = new CountDownLatch(1);

  /** A thread with a turn, which is over for the process when the turn ends or hangs. */
  private static final class TurnThread extends Thread {
    private final CountDownLatch isOver = new CountDownLatch(1);

    TurnThread(Runnable turn) {
      super(turn);
      setDaemon(true);
    }

    @Override
    public void run() {
      super.run();
      isOver.countDown();
    }
  }

  private void meet(Part part, String process, String fleet) {
    if (part == sickPart && process.equals("one") && sick.contains(fleet)) {
      ((TurnThread) Thread.currentThread()).isOver.countDown();
      waitFor(healed);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void heal() {
    healed.countDown();
  }

  /** One process: its fleets, and the turns that its executor was given. */
  private final class Host {
    private final Deque<Runnable> given = new ArrayDeque<>();
    private boolean isShut;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final StowageFleets fleets;
    private final Map<String, FleetServer> servers = new TreeMap<>();
    private final String name;
    private final Duration deadline;

    Host(String name) {
      this(name, PER_SERVER, Duration.ofMinutes(1));
    }

    /** The longest turn takes ten times the deadline, as by default. */
    Host(String name, int perServer, Duration deadline) {
      this.name = name;
      this.deadline = deadline;
      Pace pace = Pace.DEFAULT;
      fleets =
          StowageFleets.builder(this::give, () -> Instant.ofEpochSecond(0, nanos))
              .ticker(() -> nanos)
              .turnsPerServer(perServer)
              .pace(
                  new Pace(
                      pace.turnEvery(),
                      pace.renewEvery(),
                      pace.purgeEvery(),
                      deadline.multipliedBy(10)))
              .facade((fleet, facade) ->
                  facade.config(SmallFleet.config().withHolder(name)).listener(listener(fleet)))
              .watch(new FleetMeters(registry))
              .watch(
                  new FleetWatch() {
                    @Override
                    public void opened(String fleet, Stowage stowage, StowageService runs) {
                      service = runs;
                    }

                    @Override
                    public void closed(String fleet) {}
                  })
              .build();
    }

    private void give(Runnable turn) {
      boolean isShort = sickPart == Part.EXECUTOR && name.equals("one");
      if (isShut || (isShort && lots.nextInt(30) < sick.size())) {
        throw new OutOfMemoryError("no more threads");
      }
      given.add(turn);
    }

    private StowageListener listener(String fleet) {
      return new StowageListener() {
        @Override
        public void executed(Tick tick, Command<?> command, Result result) {
          meet(Part.LISTENER, name, fleet);
        }

        @Override
        public void following(String reason) {
          touched.add("following " + fleet);
        }
      };
    }

    Host list(String server, String... names) {
      for (String fleet : names) {
        fleets.add(listing(fleet, server, fleet));
      }
      return this;
    }

    Listing listing(String fleet, String server, String schema) {
      return new Listing(
          fleet,
          servers.computeIfAbsent(
              server, it -> new Served(it, deadline, wanted -> open(name, server, wanted))),
          schema);
    }

    /** Takes every step and turn that is due. */
    void run() {
      fleets.step();
      while (!given.isEmpty()) {
        take(given.poll());
        fleets.step();
      }
    }

    private void take(Runnable turn) {
      if (sick.isEmpty()) {
        turn.run();
      } else {
        TurnThread thread = new TurnThread(turn);
        thread.start();
        waitFor(thread.isOver);
      }
    }

    void looks() {
      fleets.look();
      run();
    }

    State state(String fleet) {
      return fleets.status(fleet).state();
    }

    String reason(String fleet) {
      return fleets.status(fleet).reason();
    }

    long leading() {
      return fleets.statuses().stream().filter(it -> it.status().state() == State.LEADING).count();
    }

    Stowage stowage(String fleet) {
      return fleets.stowage(fleet).orElseThrow();
    }

    long statuses(String words) {
      return fleets.statuses().stream().filter(it -> it.status().reason().contains(words)).count();
    }

    List<String> places() {
      return fleets.statuses().stream()
          .filter(it -> it.status().state() == State.LEADING)
          .map(it -> it.listing().name())
          .toList();
    }
  }

  private record Served(String name, Duration deadline, Function<String, FleetStore> opens)
      implements FleetServer {
    @Override
    public FleetStore open(String fleet) {
      return opens.apply(fleet);
    }

    @Override
    public void close() {}
  }

  private final Host one = new Host("one");
  private final Host two = new Host("two");

  private FleetStore open(String process, String server, String fleet) {
    String schema = server + "." + fleet;
    if (isAway) {
      throw new StorageException.Transient(
          "the server is away", StorageException.Outcome.NOT_COMMITTED, null);
    }
    MemoryChunkStore stored =
        stores.computeIfAbsent(
            schema,
            it ->
                MemoryChunkStore.builder().twin().leaseClock(() -> nanos).fixedLineages().build());
    return new ForwardingStore(stored) {
      @Override
      public dev.stowage.store.spi.Claim claim(LeaseRequest request) {
        touched.add("claim " + schema);
        return super.claim(request);
      }

      @Override
      public Optional<Lease> lease() {
        touched.add("lease " + schema);
        return super.lease();
      }

      @Override
      protected StoreSession session(StoreSession granted) {
        return new ForwardingSession(granted) {
          @Override
          public void resign() {
            touched.add("resign " + schema);
            if (isResigningBroken) {
              throw new OutOfMemoryError("made up");
            }
            super.resign();
          }

          @Override
          public StoreTransaction begin() {
            meet(Part.STORE, process, fleet);
            return super.begin();
          }
        };
      }

      @Override
      public void close() {}
    };
  }

  private void pass(double seconds) {
    nanos += (long) (seconds * SECOND);
  }

  /** Lets seconds pass in which both processes run, each if it is not null. */
  private void live(int seconds, Host... processes) {
    for (int second = 0; second < seconds; second++) {
      pass(1);
      for (Host process : processes) {
        process.run();
        process.looks();
      }
    }
  }

  private static String[] names(int count) {
    return IntStream.range(0, count).mapToObj(it -> "f" + it).toArray(String[]::new);
  }

  @Test
  void fleet_isOpened_claimed_andLed() {
    one.list("s", "a");
    assertThat(one.state("a")).isEqualTo(State.STARTING);
    one.run();
    one.looks();
    assertThat(one.state("a")).isEqualTo(State.LEADING);
    SmallFleet fleet = new SmallFleet(one.stowage("a")).pass(1);
    fleet.join(1_000, "w1", "w2").ingest(SmallFleet.chunk("c", 0));
    live(2, one);
    fleet.fetch();
    live(2, one);
    assertThat(one.stowage("a").status(List.of(SmallFleet.key("c"))).get(0).state())
        .contains(ChunkState.VISIBLE);
  }

  @Test
  void turns_runInTheOrderInWhichTheyFellDue() {
    one.list("s", names(5)).list("t", "g");
    one.fleets.step();
    assertThat(one.given).as("two on s, one on t").hasSize(3);
    one.given.pollLast().run();
    one.given.poll().run();
    one.fleets.step();
    live(20, one);
    one.fleets.remove("f3");
    live(5, one);
    assertThat(one.leading()).isEqualTo(5);
  }

  @Test
  void lateTurns_holdAtMost64ThreadsOfAServer_andFleetsBeyondAreLedElsewhere() {
    one.list("s", names(66));
    live(15, one);
    assertThat(one.leading()).isEqualTo(66);
    List<Runnable> hanging = new ArrayList<>();
    for (int minutes = 0; minutes < 45; minutes++) {
      for (int tens = 0; tens < 6; tens++) {
        pass(10);
        one.fleets.step();
        one.fleets.look();
        hanging.addAll(one.given);
        one.given.clear();
      }
    }
    assertThat(hanging).hasSize(64);
    one.list("t", "g");
    live(12, one);
    assertThat(one.places()).containsExactly("g");
    assertThat(one.statuses("no turn begins on server s: late ones hold its 64 threads"))
        .isEqualTo(2);
    assertThat(one.statuses("its turn has run longer than the deadline of server s")).isEqualTo(64);
    assertThat(one.statuses("not renewed here: another process may lead")).isEqualTo(66);
    assertThat(stores.values()).filteredOn(it -> runs(it)).hasSize(1);
    hanging.forEach(Runnable::run);
    live(45, one);
    assertThat(one.leading()).isEqualTo(67);
  }

  private boolean runs(FleetStore store) {
    return store.lease().filter(it -> it.expiresAtNanos() > nanos).isPresent();
  }

  /** Of thirty fleets led by process one, the first ones hang there. */
  @ParameterizedTest
  @CsvSource({
    "LISTENER,1",
    "LISTENER,4",
    "LISTENER,29",
    "LISTENER,30",
    "STORE,30",
    "EXECUTOR,15",
    "EXECUTOR,30"
  })
  void fleetsThatHang_areLedElsewhere_andHoldUpNoOther(Part part, int count) {
    Duration deadline = Duration.ofSeconds(6);
    Host first = new Host("one", 4, deadline);
    Host second = new Host("two", 4, deadline);
    List<String> all = new ArrayList<>(new TreeSet<>(List.of(names(30))));
    first.list("s", names(30));
    live(15, first);
    second.list("s", names(30));
    live(2, first, second);
    assertThat(first.leading()).isEqualTo(30);
    Map<String, Long> before = epochs();
    sickPart = part;
    sick.addAll(all.subList(0, count));
    // Four at a time give up their places; the last of them hang for ten deadlines, and a lease.
    live((30 / 4 + 11) * 6 + 45, first, second);
    // An executor that takes every other turn costs no fleet its lease.
    int moved = part == Part.EXECUTOR && count < 30 ? 0 : count;
    List<String> stay = all.subList(moved, 30);
    assertThat(first.statuses("not renewed here: another process may lead")).isEqualTo(moved);
    sick.clear();
    live(2, first, second);
    assertThat(second.places()).containsExactlyElementsOf(all.subList(0, moved));
    assertThat(first.places()).containsExactlyElementsOf(stay);
    Map<String, Long> after = epochs();
    assertThat(stay).allMatch(it -> after.get("s." + it).equals(before.get("s." + it)));
  }

  @Test
  void secondListingOfASchema_isDegradedAlone_untilTheFirstIsRemoved() {
    one.list("s", "a");
    one.fleets.add(one.listing("b", "s", "a"));
    live(3, one);
    assertThat(one.state("a")).isEqualTo(State.LEADING);
    assertThat(one.state("b")).isEqualTo(State.DEGRADED);
    assertThat(one.reason("b")).contains("fleet 'a' is listed with a of server s too");
    one.fleets.remove("a");
    live(15, one);
    assertThat(one.places()).containsExactly("b");
  }

  @Test
  void name_isListedOnce() {
    one.list("s", "a");
    assertThatThrownBy(() -> one.list("t", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a' is listed already");
    FleetServer other = FleetServer.of("s", it -> open("one", "s", it));
    assertThatThrownBy(() -> one.fleets.add(new Listing("b", other, "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another server is named 's'");
    assertThatThrownBy(() -> one.fleets.remove("z")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void serverThatIsAwayAtTheStart_degradesItsFleets_whichRecover() {
    isAway = true;
    one.list("s", "a", "b", "c");
    one.run();
    assertThat(List.of(one.reason("a"), one.reason("b"), one.reason("c")))
        .allMatch(it -> it.contains("could not be opened") && it.contains("is away"));
    assertThat(one.state("c")).isEqualTo(State.DEGRADED);
    isAway = false;
    live(25, one);
    assertThat(one.leading()).isEqualTo(3);
  }

  @Test
  void removal_handsTheLeaseBack() {
    one.list("s", "a");
    live(2, one);
    two.list("s", "a");
    live(3, one, two);
    assertThat(two.state("a")).isEqualTo(State.STANDBY);
    assertThat(two.reason("a")).contains("one");
    CompletableFuture<?> gone = one.fleets.remove("a").toCompletableFuture();
    assertThat(gone).isNotDone();
    one.run();
    assertThat(gone).isCompleted();
    assertThat(stores.get("s.a").lease()).isEmpty();
    assertThat(one.fleets.statuses()).isEmpty();
    live(3, two);
    assertThat(two.state("a")).isEqualTo(State.LEADING);
    one.list("s", "a");
    live(3, one, two);
    assertThat(one.state("a")).isEqualTo(State.STANDBY);
  }

  @Test
  void lostLease_isToldToTheListener_byTheTurn_notByTheRenewal() {
    one.list("s", "a");
    live(3, one);
    SmallFleet.facade(stores.get("s.a"), "one").claim(3);
    touched.clear();
    pass(11);
    one.fleets.look();
    assertThat(touched).doesNotContain("following a");
    one.run();
    assertThat(touched).contains("following a");
  }

  @Test
  void removal_ofAFleetThatCannotResign_triesThreeTimes_andFails() {
    one.list("s", "a");
    live(2, one);
    isResigningBroken = true;
    touched.clear();
    CompletableFuture<?> gone = one.fleets.remove("a").toCompletableFuture();
    one.run();
    assertThat(touched).containsExactly("resign s.a");
    live(1, one);
    assertThat(gone).isNotDone();
    live(1, one);
    assertThat(touched).filteredOn(it -> it.equals("resign s.a")).hasSize(3);
    assertThat(gone).isCompletedExceptionally();
    assertThat(one.fleets.statuses()).isEmpty();
  }

  @Test
  void removal_withoutAnExecutor_ends() {
    one.list("s", "a", "b");
    live(9, one);
    one.isShut = true;
    CompletableFuture<?> gone = one.fleets.remove("a").toCompletableFuture();
    live(3, one);
    assertThat(gone).isCompleted();
    assertThat(runs(stores.get("s.a"))).isFalse();
    CompletableFuture<?> work = service.submit(now -> now).toCompletableFuture();
    one.fleets.close();
    assertThat(work).isCompletedExceptionally();
  }

  @Test
  void leaders_spreadOverTheProcesses_andStay() {
    one.list("s", names(40));
    two.list("s", names(40));
    live(15, one, two);
    assertThat(one.leading() + two.leading()).isEqualTo(40);
    assertThat(one.leading()).isBetween(14L, 26L);
    List<String> before = one.places();
    Map<String, Long> epochs = epochs();
    live(40, one, two);
    assertThat(one.places()).isEqualTo(before);
    assertThat(epochs()).isEqualTo(epochs);
  }

  private Map<String, Long> epochs() {
    Map<String, Long> epochs = new TreeMap<>();
    stores.forEach((name, store) -> epochs.put(name, store.lease().orElseThrow().epoch()));
    return epochs;
  }

  @Test
  void fleetsOfAKilledProcess_areAllLedWithin15SecondsAfterTheirLeases() {
    one.list("s", names(40));
    two.list("s", names(40));
    live(15, one, two);
    assertThat(two.leading()).isLessThan(40);
    live(29, two);
    live(1 + 15, two);
    assertThat(two.leading()).isEqualTo(40);
  }

  @Test
  void idleFleet_restsUpToIdleEvery_andNewsWakeIt() {
    one.list("s", "a");
    live(40, one);
    long before = turns();
    live(60, one);
    assertThat(turns() - before).isBetween(5L, 7L);
    touched.clear();
    before = turns();
    LogSender sender = new LogSender(stores.get("s.a"), 1);
    sender.append(Command.Describe.of(Worker.of(WorkerId.of("w"), 1)));
    one.run();
    pass(1);
    one.run();
    assertThat(turns() - before).isEqualTo(1);
    assertThat(touched).isEmpty();
  }

  @Test
  void command_ofThisProcess_wakesTheFleet_andAHeartbeatDoesNot() {
    one.list("s", "a");
    SmallFleet fleet = joined();
    live(40, one);
    long before = turns();
    fleet.ingest(SmallFleet.chunk("c", 0));
    live(1, one);
    assertThat(turns() - before).isEqualTo(1);
  }

  private SmallFleet joined() {
    live(3, one);
    return new SmallFleet(one.stowage("a")).pass(1).join(1_000, "w1", "w2");
  }

  private long turns() {
    return one.fleets.status("a").turns();
  }

  @Test
  void meters_areLabelledByFleet_andGoWithIt() {
    one.list("s", "a", "b");
    live(10, one);
    assertThat(one.registry.get("stowage.leading").tag("fleet", "a").gauge().value()).isEqualTo(1);
    assertThat(one.registry.get("stowage.leading").tag("fleet", "b").gauge().value()).isEqualTo(1);
    one.fleets.remove("a");
    live(1, one);
    assertThat(one.registry.find("stowage.leading").tag("fleet", "a").gauge()).isNull();
    assertThat(one.registry.find("stowage.leading").tag("fleet", "b").gauge()).isNotNull();
  }

  @Test
  void work_submittedToAService_runsBetweenTurns() {
    one.list("s", "a");
    live(40, one);
    long before = turns();
    CompletableFuture<String> done = service.submit(now -> "done").toCompletableFuture();
    one.run();
    pass(0.01);
    one.run();
    assertThat(done).isCompletedWithValue("done");
    assertThat(turns()).isEqualTo(before);
    assertThatThrownBy(service::start).isInstanceOf(IllegalStateException.class);
  }
}
