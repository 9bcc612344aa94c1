package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stowage.AuditLevel;
import dev.stowage.EngineReplay;
import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Commit;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.slf4j.helpers.NOPLogger;

/** Groups of commands against the same commands one by one. */
class GroupsTest {
  private static final int BLOCKS = 4;
  private static final int BLOCK = 64;

  /** A command and the tick at which it is given. */
  private record Given(Command<?> command, Tick tick) {}

  /** The answers and records of a run. */
  private record Left(
      List<Result> answers, long digest, ChainPoint head, List<EvidenceRecord> evidence) {}

  /** A store that refuses to commit while it is told to. */
  private static final class RefusingStore extends ForwardingStore {
    private boolean isRefusing;
    private int refused;

    private RefusingStore(MemoryChunkStore store) {
      super(store);
    }

    private void refuse() {
      if (isRefusing) {
        refused++;
        throw new StorageException.Transient(
            "the disk is full", StorageException.Outcome.NOT_COMMITTED, null);
      }
    }

    @Override
    protected StoreTransaction transaction(StoreTransaction begun) {
      return new ForwardingTransaction(begun) {
        @Override
        public void commit(Commit commit) {
          refuse();
          super.commit(commit);
        }

        @Override
        public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
          refuse();
          super.advance(expected, largestTick, clockNanos);
        }

        @Override
        public void verifyLease(AssignmentIds expected) {
          refuse();
          super.verifyLease(expected);
        }
      };
    }
  }

  /** One leader over one store, with its order of commands so far. */
  private static final class World {
    private final MemoryChunkStore store =
        MemoryChunkStore.builder().twin().fixedLineages().build();
    private final RefusingStore refusing = new RefusingStore(store);
    private final List<Result> answers = new ArrayList<>();
    private final Engine engine;

    private World(long seed) {
      StowageConfig config =
          StowageConfig.defaults()
              .withFleet(RandomStory.config(seed))
              .withHolder("first")
              .withAudit(AuditLevel.ALL);
      engine =
          new Engine(
              new Dependencies(
                  refusing,
                  config,
                  PlacementPlanner.sticky(),
                  EvidenceSink.NONE,
                  StowageListener.NONE,
                  NOPLogger.NOP_LOGGER,
                  null),
              () -> 0);
      assertThat(engine.claim(Tick.of(0)).granted()).isTrue();
    }

    private void cycles(Tick now) {
      answers.add(engine.execute(new Command.Schedule(), now));
      answers.add(engine.execute(new Command.Publish(0), now));
    }

    private List<Ticket<?>> executeAll(List<Given> group) {
      List<Ticket<?>> tickets = new ArrayList<>();
      group.forEach(it -> tickets.add(Ticket.awaited(it.command(), it.tick())));
      return engine.ask(leader -> {
        leader.executeAll(tickets);
        return tickets;
      });
    }

    private void executeInGroupsOf(int size, List<Given> block) {
      for (int from = 0; from < block.size(); from += size) {
        executeAll(block.subList(from, Math.min(block.size(), from + size)))
            .forEach(ticket -> answers.add(ticket.get()));
      }
    }

    /** Executes a group while the store refuses each commit. */
    private void failInGroupsOf(int size, List<Given> block) {
      for (int from = 0; from < block.size(); from += size) {
        List<Given> group = block.subList(from, Math.min(block.size(), from + size));
        List<Object> published = published();
        refusing.isRefusing = true;
        refusing.refused = 0;
        for (Ticket<?> ticket : executeAll(group)) {
          assertThat(catchThrowable(ticket::get))
              .as("%s of %s, %d commits refused", ticket.command(), group, refusing.refused)
              .isInstanceOfSatisfying(
                  StorageException.Transient.class,
                  e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_COMMITTED));
        }
        assertThat(refusing.refused).as("the group, and its first command").isLessThanOrEqualTo(2);
        refusing.isRefusing = false;
        assertThat(published()).usingElementComparator(GroupsTest::bySame).isEqualTo(published);
        executeInGroupsOf(size, group);
      }
    }

    /** The documents that readers and later deltas are made of. */
    private List<Object> published() {
      return engine.ask(leader -> {
        LifecycleState mirror = leader.mirror();
        List<Object> all = new ArrayList<>(mirror.strainedWorkers());
        all.addAll(mirror.retainedWorkerAssignments());
        all.addAll(mirror.retainedPortalAssignments());
        all.add(mirror.workerAssignment());
        all.add(mirror.portalAssignment());
        return all;
      });
    }

    private Left leave() {
      // Records of commands that changed nothing wait for the next commit.
      answers.add(engine.execute(new Command.Configure(-1, RandomStory.config(-1)), Tick.of(1)));
      List<EvidenceRecord> records = store.evidence(0, Integer.MAX_VALUE);
      ReplayResult replayed =
          Replayer.run(
              engine.evidence().header(), records, EngineReplay.with(PlacementPlanner.sticky()));
      assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
      assertThat(engine.snapshot().digest()).isEqualTo(engine.stats().digest());
      return new Left(answers, engine.stats().digest(), engine.evidence().point(), records);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private static int bySame(Object one, Object other) {
    return one == other || (one instanceof WorkerId && one.equals(other)) ? 0 : 1;
  }

  /** Draws blocks of commands that anybody may give, and executes them one by one. */
  private static Left told(long seed, List<List<Given>> blocks, List<Tick> cycles) {
    World world = new World(seed);
    RandomStory story = world.engine.ask(leader -> new RandomStory(seed, leader.mirror()));
    for (int block = 0; block < BLOCKS; block++) {
      List<Given> drawn = new ArrayList<>();
      while (drawn.size() < BLOCK) {
        Command<?> next = story.next();
        if (!next.kind().isLeadersOwn()) {
          Given given = new Given(next, Tick.of(story.now()));
          drawn.add(given);
          world.executeInGroupsOf(1, List.of(given));
        }
      }
      blocks.add(drawn);
      cycles.add(Tick.of(story.now()));
      world.cycles(Tick.of(story.now()));
    }
    return world.leave();
  }

  @Property(tries = 4)
  void groupsOfAnySize_recordWhatTheirCommandsRecordOneByOne(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    List<List<Given>> blocks = new ArrayList<>();
    List<Tick> cycles = new ArrayList<>();
    Left expected = told(seed, blocks, cycles);
    for (int size : new int[] {3, BLOCK}) {
      World world = new World(seed);
      for (int block = 0; block < BLOCKS; block++) {
        world.executeInGroupsOf(size, blocks.get(block));
        world.cycles(cycles.get(block));
      }
      assertThat(world.leave()).as("groups of %d", size).isEqualTo(expected);
    }
  }

  @Property(tries = 4)
  void groupThatIsNotCommitted_leavesNothing(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    List<List<Given>> blocks = new ArrayList<>();
    List<Tick> cycles = new ArrayList<>();
    Left expected = told(seed, blocks, cycles);
    for (int size : new int[] {2, BLOCK}) {
      World world = new World(seed);
      for (int block = 0; block < BLOCKS; block++) {
        world.failInGroupsOf(size, blocks.get(block));
        world.cycles(cycles.get(block));
      }
      assertThat(world.leave()).as("groups of %d", size).isEqualTo(expected);
    }
  }
}
