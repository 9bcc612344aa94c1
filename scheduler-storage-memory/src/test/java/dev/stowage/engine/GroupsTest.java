package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.contract.RandomStory;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.storage.memory.MemoryChunkStore;
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

  /** One leader over one store, with its order of commands so far. */
  private static final class World {
    private final MemoryChunkStore store =
        MemoryChunkStore.builder().twin().fixedLineages().build();
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
                  store,
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
      answers.add(engine.execute(new LeaderCommand.Schedule(), now));
      answers.add(engine.execute(new LeaderCommand.Publish(0), now));
    }

    private List<Ticket<?>> executeAll(List<Given> group) {
      List<Ticket<?>> tickets = new ArrayList<>();
      group.forEach(it -> tickets.add(Ticket.awaited(it.command(), it.tick())));
      return engine.ask(leader -> {
        leader.groups.executeAll(tickets);
        return tickets;
      });
    }

    private void executeInGroupsOf(int size, List<Given> block) {
      for (int from = 0; from < block.size(); from += size) {
        executeAll(block.subList(from, Math.min(block.size(), from + size)))
            .forEach(ticket -> answers.add(ticket.get()));
      }
    }

    private Left leave() {
      // Records of commands that changed nothing wait for the next commit.
      answers.add(engine.execute(new Command.Configure(-1, RandomStory.config(-1)), Tick.of(1)));
      List<EvidenceRecord> records = store.evidence(0, Integer.MAX_VALUE);
      ReplayResult replayed =
          Replayer.run(
              engine.evidence().header(), records, EngineReplay.with(PlacementPlanner.sticky()));
      assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
      long digest = engine.ask(leader -> leader.mirror().snapshot().digest());
      assertThat(digest).isEqualTo(engine.stats().digest());
      return new Left(answers, engine.stats().digest(), engine.evidence().point(), records);
    }
  }

  /** Draws blocks of commands that anybody may give, and executes them one by one. */
  private static Left told(long seed, List<List<Given>> blocks, List<Tick> cycles) {
    World world = new World(seed);
    RandomStory story = world.engine.ask(leader -> new RandomStory(seed, leader.mirror()));
    for (int block = 0; block < BLOCKS; block++) {
      List<Given> drawn = new ArrayList<>();
      while (drawn.size() < BLOCK) {
        Command<?> next = story.next();
        if (!CommandKind.kindOf(next).isLeadersOwn()) {
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

  @Property(tries = 2)
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
}
