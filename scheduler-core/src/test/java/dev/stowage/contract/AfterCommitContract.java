package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The contract after a commit: a durable command is answered as done, whatever the recorder, the
 * listener or the store does after it; a failed command leaves nothing; and a mirror that may
 * differ from the store is loaded anew. A backend extends this class, opens its store, and changes
 * nothing else.
 */
public abstract class AfterCommitContract extends OpenedStore {
  private static final int STORMS = 8;
  private static final int COMMANDS = 60;

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private Stowage led(Stowage.Builder builder) {
    Stowage facade = audit.watch(builder.build());
    assertThat(facade.claim(1).granted()).isTrue();
    return facade;
  }

  private Stowage.Builder first(FleetStore over) {
    return Stowage.builder(over).config(SmallFleet.config().withHolder("first"));
  }

  /** Asserts that the store agrees with the state of the facade. */
  private void assertAgrees(Stowage facade) {
    long digest = facade.stats().digest();
    facade.close();
    Stowage next = led(first(fixture.connect()));
    assertThat(next.stats().digest()).isEqualTo(digest);
    assertThat(next.audit()).isEmpty();
  }

  // ---- the findings ----

  /** A recorder of one chain, as a file is one: it takes only what goes on behind its end. */
  private static final class OneChain implements EvidenceSink {
    private long begun;
    private ChainPoint end = new ChainPoint(0, Hash256.ZERO);

    @Override
    public void begin(EvidenceHeader header, ChainPoint start) {
      assertThat(start.index()).as("the chain behind %s", end).isGreaterThanOrEqualTo(end.index());
      end = start;
      begun++;
    }

    @Override
    public void accept(RecordBatch batch) {
      assertThat(batch.anchor().from()).isEqualTo(end);
      end = batch.anchor().to();
    }
  }

  @Test
  void recorder_isNeverGivenWhatAStoreMayStillForget() {
    OneChain recorder = new OneChain();
    Stowage stowage = led(first(store).with(recorder));
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a", "b");
    assertThat(stowage.ingest(List.of(chunk("c1", 0)), fleet.now()).isAccepted()).isTrue();
    Evidence.of(stowage).flush();
    long durable = recorder.end.index();
    for (int i = 0; i < 1_500; i++) {
      assertThat(stowage.ingest(List.of(chunk("c1", 0)), fleet.now()).code())
          .isEqualTo(ResultCode.DUPLICATE);
    }
    Evidence.of(stowage).flush();
    assertThat(Evidence.of(stowage).nextIndex()).isGreaterThan(durable + 1_500);
    assertThat(recorder.end.index()).isEqualTo(durable);
    Stowage next = led(first(fixture.connect()).with(recorder)); // as after a kill
    assertThat(recorder.begun).isEqualTo(2);
    assertThat(recorder.end.index()).isEqualTo(durable);
    assertThat(next.ingest(List.of(chunk("c2", 10)), fleet.now()).isAccepted()).isTrue();
    Evidence.of(next).flush();
    assertThat(recorder.end.index()).isEqualTo(Evidence.of(next).nextIndex());
  }

  @Test
  void recorder_isGivenWhatWaitedWithTheNextCommit() {
    OneChain recorder = new OneChain();
    Stowage stowage = led(first(store).with(recorder));
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a", "b");
    assertThat(stowage.ingest(List.of(chunk("c1", 0)), fleet.now()).isAccepted()).isTrue();
    for (int i = 0; i < 1_500; i++) {
      stowage.ingest(List.of(chunk("c1", 0)), fleet.now());
    }
    assertThat(stowage.ingest(List.of(chunk("c2", 10)), fleet.now()).isAccepted()).isTrue();
    Evidence.of(stowage).flush();
    assertThat(recorder.end).isEqualTo(Evidence.of(stowage).point());
    assertAgrees(stowage);
  }

  /** Refuses whatever it is given, in two ways by turns, for as long as it is told to. */
  private static final class Refusing implements EvidenceSink {
    private final List<Throwable> thrown = new ArrayList<>();
    private boolean isRefusing = true;

    @Override
    public void accept(RecordBatch batch) {
      if (!isRefusing) {
        return;
      }
      if (thrown.size() % 2 == 0) {
        IllegalStateException full = new IllegalStateException("no room " + thrown.size());
        thrown.add(full);
        throw full;
      }
      StackOverflowError deep = new StackOverflowError("deep " + thrown.size());
      thrown.add(deep);
      throw deep;
    }
  }

  /** Nobody has to wait for it until thousands of records do. */
  @Test
  void recorderThatRefuses_isToldEachTime_whileItsBacklogHasRoom() {
    Refusing recorder = new Refusing();
    List<Throwable> heard = new ArrayList<>();
    StowageListener listener =
        new StowageListener() {
          @Override
          public void failed(Throwable failure) {
            heard.add(failure);
          }
        };
    Stowage stowage = led(first(store).with(recorder).listener(listener));
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a", "b");
    assertThat(stowage.ingest(List.of(chunk("c1", 0)), fleet.now()).isAccepted()).isTrue();
    for (int i = 0; i < 300; i++) {
      stowage.ingest(List.of(chunk("c1", 0)), fleet.now());
    }
    for (int i = 0; i < 3; i++) {
      fleet.ingest(chunk("d" + i, 100 + 10 * i));
    }
    assertThat(recorder.thrown).hasSizeGreaterThan(3);
    assertThat(heard).containsExactlyElementsOf(recorder.thrown);
    assertThat(stowage.stats().hostFailures()).isEqualTo(recorder.thrown.size());
    assertThat(stowage.lastHostFailure())
        .containsSame(recorder.thrown.get(recorder.thrown.size() - 1));
    assertThat(Evidence.of(stowage).refusal()).isEqualTo(stowage.lastHostFailure());
    recorder.isRefusing = false;
    fleet.ingest(chunk("e", 200));
    assertThat(Evidence.of(stowage).refusal()).isEmpty();
    assertThat(heard).hasSameSizeAs(recorder.thrown);
  }

  @Test
  void listenerOfLeadingAndFollowing_thatThrows_changesNothing() {
    StowageListener listener =
        new StowageListener() {
          @Override
          public void leading(long epoch) {
            throw new AssertionError("leading " + epoch);
          }

          @Override
          public void following(String reason) {
            throw new AssertionError("following " + reason);
          }
        };
    Stowage stowage = led(first(store).listener(listener));
    assertThat(stowage.isLeading()).isTrue();
    stowage.resign();
    assertThat(stowage.isLeading()).isFalse();
    assertThat(stowage.stats().hostFailures()).isEqualTo(2);
    assertThat(store.lease()).isEmpty();
  }

  @Test
  void errorBetweenTheDecisionAndTheCommit_leavesNothing_andTheLeaderGoesOn() {
    Exhausted exhausted = new Exhausted(fixture.connect());
    Stowage stowage = led(first(exhausted));
    SmallFleet fleet = new SmallFleet(stowage).join(1_000, "a", "b");
    long digest = stowage.stats().digest();
    exhausted.isFull = true;
    assertThatThrownBy(() -> fleet.ingest(chunk("c1", 0))).isInstanceOf(OutOfMemoryError.class);
    exhausted.isFull = false;
    assertThat(stowage.stats().digest()).isEqualTo(digest);
    fleet.ingest(chunk("c1", 0)).settle();
    assertThat(stowage.status(List.of(key("c1"))).get(0).state()).contains(ChunkState.VISIBLE);
    assertAgrees(stowage);
  }

  /** A connection that finds no memory for a commit. */
  private static final class Exhausted extends ForwardingStore {
    private boolean isFull;

    Exhausted(FleetStore store) {
      super(store);
    }

    @Override
    protected StoreTransaction transaction(StoreTransaction begun) {
      return new ForwardingTransaction(begun) {
        @Override
        public void commit(Commit commit) {
          if (isFull) {
            throw new OutOfMemoryError("the host's own");
          }
          super.commit(commit);
        }
      };
    }
  }

  // ---- storms ----

  @Test
  void faultsAtEverySeam_leaveWhatWasAnswered_andNothingElse() {
    Map<String, Integer> strikes = new TreeMap<>();
    for (long seed = 1; seed <= STORMS; seed++) {
      if (seed > 1) {
        fixture.close();
        openStore();
      }
      new Weathered(seed).run(strikes);
    }
    assertThat(strikes.keySet())
        .contains("recorder", "executed", "after the commit", "after the commit, unknown")
        .contains("outcome", "close", "load", "planner", "after the tick", "before the commit");
  }

  /** A facade in a storm, and its twin on a store of its own, where the sun shines. */
  private final class Weathered {
    private final long seed;
    private final Random draw;
    private final Storm storm;
    private final Stowage stowage;
    private final StoreFixture calm = open();
    private final Stowage twin;
    private long tick = 1;
    private long chunks;

    Weathered(long seed) {
      this.seed = seed;
      draw = new Random(seed);
      storm = new Storm(seed);
      stowage =
          led(
              first(storm.over(store))
                  .with(storm.planner())
                  .listener(storm.listener())
                  .with(storm.recorder()));
      twin = led(first(calm.connect()));
      for (String worker : List.of("a", "b", "c")) {
        both(Command.Describe.of(Worker.of(WorkerId.of(worker), 10_000)));
        both(new Command.Register(WorkerId.of(worker), "disk of " + worker));
      }
    }

    private void both(Command<?> command) {
      assertThat(twin.execute(command, now())).isEqualTo(stowage.execute(command, now()));
    }

    private long now() {
      return tick * 1_000_000_000L;
    }

    void run(Map<String, Integer> met) {
      try {
        for (int i = 0; i < COMMANDS; i++) {
          step();
        }
        storm.strikes().forEach((where, count) -> met.merge(where, count, Integer::sum));
        assertSame("at the end");
        assertReplays();
        stowage.close();
        Stowage next = led(first(fixture.connect()));
        assertThat(next.stats().digest()).isEqualTo(twin.stats().digest());
        next.close();
      } finally {
        stowage.close();
        twin.close();
        calm.close();
      }
    }

    private void step() {
      Command<?> command = drawn();
      List<Command<?>> candidates = new ArrayList<>();
      String came = "answered";
      storm.begin();
      try {
        Result answer = stowage.execute(command, now());
        storm.end();
        assertThat(twin.execute(command, now())).as("%s", command).isEqualTo(answer);
      } catch (RuntimeException | Error e) {
        lookInTheStorm();
        storm.end();
        requireNoFinding(e);
        came = e + (storm.isDoubtful() ? ", in doubt" : "");
        if (command instanceof LeaderCommand.Schedule) {
          candidates.add(new LeaderCommand.Admit());
        }
        if (storm.isDoubtful()) {
          candidates.add(command);
        }
        catchUp(candidates);
      }
      assertSame("seed " + seed + ", after " + command + ": " + came + ", " + storm.strikes());
    }

    /** A mirror that is not to be used again is loaded anew, or the question fails. */
    private void lookInTheStorm() {
      try {
        assertThat(stowage.stats().leading()).isTrue();
      } catch (StorageException e) {
        requireNoFinding(e);
      }
    }

    /** Rethrows failed assertions, but not the exceptions that a storm throws. */
    private void requireNoFinding(Throwable e) {
      if (!(e instanceof StorageException) && !String.valueOf(e.getMessage()).contains("storm")) {
        throw new AssertionError("nobody threw this", e);
      }
    }

    private void catchUp(List<Command<?>> candidates) {
      for (Command<?> each : candidates) {
        if (!isSame()) {
          twin.execute(each, now());
        }
      }
    }

    private boolean isSame() {
      LifecycleSnapshot ours = SmallFleet.state(stowage);
      LifecycleSnapshot theirs = SmallFleet.state(twin);
      return ours.digest() == theirs.digest()
          && ours.largestTick().equals(theirs.largestTick())
          && lastReports(ours).equals(lastReports(theirs));
    }

    /** Marks, which no digest shows: a registration of the known disk leaves nothing else. */
    private static Map<WorkerId, Long> lastReports(LifecycleSnapshot of) {
      Map<WorkerId, Long> last = new TreeMap<>();
      of.forEachWorker(at -> last.put(of.workerId(at), of.workerRow(at).lastReport()));
      return last;
    }

    private void assertSame(String when) {
      LifecycleSnapshot ours = SmallFleet.state(stowage);
      LifecycleSnapshot theirs = SmallFleet.state(twin);
      assertThat(ours.digest()).as(when).isEqualTo(theirs.digest());
      assertThat(ours.largestTick()).as(when).isEqualTo(theirs.largestTick());
      assertThat(lastReports(ours)).as(when).isEqualTo(lastReports(theirs));
      assertThat(ours.fullDigest()).as(when).isEqualTo(ours.digest());
      assertThat(stowage.fleet().ids()).as(when).isEqualTo(twin.fleet().ids());
    }

    private void assertReplays() {
      both(Command.Describe.of(Worker.of(WorkerId.of("last"), 1)));
      List<EvidenceRecord> recorded = store.evidence(0, Integer.MAX_VALUE);
      ReplayResult replayed =
          Replayer.run(
              Evidence.of(stowage).header(),
              recorded,
              EngineReplay.with(PlacementPlanner.sticky()));
      assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
    }

    private Command<?> drawn() {
      WorkerId worker = WorkerId.of(List.of("a", "b", "c").get(draw.nextInt(3)));
      return switch (draw.nextInt(9)) {
        case 0, 1 ->
            new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c" + chunks, 10 * chunks++))));
        case 2 ->
            new Command.Offer(ProposedChunk.listOf(List.of(chunk("c" + chunks, 10 * chunks++))));
        case 3 -> {
          tick++;
          yield new LeaderCommand.Schedule();
        }
        case 4 -> LeaderCommand.Publish.now();
        case 5 -> new Command.Remove(key("c" + draw.nextInt(20)));
        case 6 -> new Command.SetStatus(worker, WorkerStatus.values()[draw.nextInt(2)]);
        case 7 -> new Command.Register(worker, "disk of " + worker.value());
        default -> new LeaderCommand.Purge();
      };
    }
  }
}
