package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.Retention;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.replay.EngineReplay;
import dev.stowage.storage.postgres.RoledSchema.Role;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreInbox.Sent;
import dev.stowage.store.spi.StoreTransaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two processes contend for the lead of a fleet, one behind a proxy; an ingester, an operator and a
 * reporter follow under their logins. Leaders are paused beyond their lease or crash, connections
 * are cut. The evidence then tells how often each command was executed.
 */
class ChaosTest {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final long SEED = Long.getLong("stowage.chaos.seed", 1);
  private static final Retention ALL = new Retention(10_000_000, Long.MAX_VALUE, Long.MAX_VALUE);
  private static final long CAPACITY = 1L << 40;

  private final RoledSchema roles = new RoledSchema();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<Member> members = new ArrayList<>();
  private final List<Giver> givers = new ArrayList<>();
  private final Map<Command<?>, int[]> accounts = new HashMap<>();
  private final Map<String, Integer> figures = new ConcurrentSkipListMap<>();
  private final Queue<ChunkKey> promised = new ConcurrentLinkedQueue<>();
  private final Queue<ChunkKey> removable = new ConcurrentLinkedQueue<>();
  private volatile boolean isStormy = true;

  /** Notes how often a command must, and how often it may, have been executed. */
  private synchronized void note(Command<?> command, int least, int most, String how) {
    int[] account = accounts.computeIfAbsent(command, it -> new int[2]);
    account[0] += least;
    account[1] += most;
    figures.merge(CommandKind.kindOf(command) + " " + how, 1, Integer::sum);
  }

  /** Returns nothing if the connection was cut. */
  private static <T> Optional<T> tried(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (StorageException.Transient | StowageException cut) {
      return Optional.empty();
    }
  }

  /** A process with connections of its own. */
  private final class Member {
    private final Role role;
    private final PostgresChunkStore.Builder builder;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(1);
    private volatile PostgresChunkStore store;
    private volatile Stowage facade;
    private volatile long pausedUntil = OwnProcess.nanos();
    private StowageService service;

    Member(Role role, boolean isPooled) {
      this.role = role;
      builder = as(role, isPooled).schema(roles.name).setup(SchemaSetup.VALIDATE);
      builder.timeouts(new Timeouts(LEASE.multipliedBy(10), LEASE.multipliedBy(5), LEASE));
      members.add(this);
      begin();
    }

    void begin() {
      ReplicatedServer.await(() -> tried(() -> store = builder.open()).isPresent());
      ForwardingStore paused =
          new ForwardingStore(store) {
            @Override
            protected StoreTransaction transaction(StoreTransaction begun) {
              LockSupport.parkNanos(pausedUntil - OwnProcess.nanos());
              return begun;
            }
          };
      StowageConfig config =
          StowageConfig.defaults()
              .withFleet(it -> it.minReplication(2).drainWindowTicks(3).lineagePauseTicks(3))
              .withLease(new LeaseConfig("member " + members.indexOf(this), LEASE))
              .withEvidence(new EvidenceConfig(0, ALL))
              .withAnswersWithin(Duration.ofMillis(300));
      facade = Stowage.builder(paused).config(config).clock(InstantSource.system()).build();
      Duration often = Duration.ofMillis(50);
      service =
          new StowageService(facade, executor, new Pace(often, LEASE, Duration.ofHours(1), LEASE));
      if (role == Role.SCHEDULER) {
        service.start();
      }
    }

    /** Loses its connections first: what it was about to commit fails. */
    void end() {
      store.close();
      service.close();
      facade.close();
    }
  }

  /** A thread that gives commands of its process, which has another one. */
  private final class Giver {
    private final Member by;
    private final int number = givers.size();
    private final Random random = new Random(SEED * 100 + number);
    private final Map<CommandId, Command<?>> open = new TreeMap<>();
    private ReportHeader header;

    Giver(Member by) {
      this.by = by;
    }

    private int call() {
      int drawn = 0;
      while (isStormy) {
        Command<?> command =
            switch (by.role) {
              case OPERATOR -> operate(++drawn);
              case REPORTER -> report(++drawn);
              default -> ingest(++drawn);
            };
        if (by.role != Role.SCHEDULER && random.nextInt(3) == 0) {
          sendByName(command, drawn);
        } else {
          execute(command);
        }
        if (drawn % 10 == 0) {
          hear();
        }
        LockSupport.parkNanos(random.nextInt(20_000_000));
      }
      return drawn;
    }

    private Command<?> ingest(int at) {
      List<Chunk> chunks = new ArrayList<>();
      for (int i = random.nextInt(4) == 0 ? 5 : 1; i > 0; i--) {
        String id = "c" + number + "-" + at + "-" + i;
        chunks.add(SmallFleet.chunk(id, 100L * (number * 1_000_000L + at) + 10L * i));
      }
      List<ProposedChunk> proposed = ProposedChunk.listOf(chunks);
      return random.nextInt(5) == 0 ? new Command.Offer(proposed) : new Command.Ingest(proposed);
    }

    private Command<?> operate(int at) {
      int dice = random.nextInt(8);
      ChunkKey known = dice < 4 ? removable.poll() : null;
      if (known != null) {
        return new Command.Remove(known);
      }
      WorkerId worker = WorkerId.of("w" + random.nextInt(3));
      return switch (dice) {
        case 4 -> new Command.Freeze(Command.ANY_VERSION);
        case 5 -> new Command.Unfreeze(Command.ANY_VERSION);
        case 6 -> new Command.SetStatus(worker, WorkerStatus.values()[random.nextInt(2)]);
        default -> Command.Describe.of(Worker.of(worker, CAPACITY + 100L * at + number));
      };
    }

    private Command<?> report(int at) {
      WorkerId worker = WorkerId.of("w" + number % 2);
      if (header == null || random.nextInt(20) == 0) {
        return new Command.Register(worker, "disk " + number + "-" + at / 200);
      }
      header =
          new ReportHeader(worker, header.incarnation(), header.lineage(), header.number() + 1);
      return tried(() -> members.get(0).facade.fleet().slice(worker))
          .flatMap(it -> it)
          .filter(it -> it.incarnation().equals(header.incarnation()))
          .<Command<?>>map(it -> new Command.Applied(header, it.id(), List.of()))
          .orElse(new Command.Heartbeat(header));
    }

    private void execute(Command<?> command) {
      Result answer;
      try {
        answer = by.facade.execute(command, by.facade.now());
      } catch (StorageException.Transient | StowageException e) {
        boolean isKnown =
            e instanceof StorageException.Transient cut
                && cut.outcome() == StorageException.Outcome.NOT_COMMITTED;
        note(command, 0, isKnown ? 0 : 1, isKnown ? "failed" : "in doubt");
        return;
      }
      if (answer.code() != ResultCode.REQUESTED) {
        answered(command, answer);
        // A leader's own record of what changed nothing waits for its next commit.
        boolean isDurable = by.role != Role.SCHEDULER || answer.isAccepted();
        note(command, isDurable ? 1 : 0, 1, answer.code().name());
        return;
      }
      CommandId id = CommandId.parse(answer.reasons().get(0));
      if (random.nextInt(4) == 0) {
        Optional<Boolean> isWithdrawn = tried(() -> by.facade.withdraw(id));
        int least = isWithdrawn.orElse(true) || isReplaced(command) ? 0 : 1;
        note(command, least, isWithdrawn.orElse(false) ? 0 : 1, "withdrawn: " + isWithdrawn);
      } else {
        awaited(command, List.of(id), "REQUESTED");
      }
    }

    private static boolean isReplaced(Command<?> command) {
      return command instanceof Command.Heartbeat || command instanceof Command.Applied;
    }

    /** Notes that a command waits; another one may replace it. */
    private void awaited(Command<?> command, List<CommandId> ids, String how) {
      if (!isReplaced(command)) {
        ids.forEach(id -> open.put(id, command));
      }
      note(command, isReplaced(command) ? 0 : ids.size(), ids.size(), how);
    }

    /** Sends until it is durable, and sometimes once more; a description under two names. */
    private void sendByName(Command<?> command, int at) {
      CommandId id = new CommandId(number, 2L * at);
      CommandId twin = new CommandId(number, 2L * at + 1);
      List<CommandId> ids = command instanceof Command.Describe ? List.of(id, twin) : List.of(id);
      List<Sent> sent = ids.stream().map(it -> new Sent(it, command)).toList();
      for (int left = 1 + random.nextInt(2); left > 0; ) {
        left -= tried(() -> by.store.inbox().append(sent)).isPresent() ? 1 : 0;
      }
      awaited(command, ids, "by name");
    }

    /** Hears the answers to commands that wait, and reports whether none waits any more. */
    private boolean hear() {
      tried(() -> by.store.inbox().answers(open.keySet()))
          .ifPresent(all -> all.forEach((id, answer) -> answered(open.remove(id), answer)));
      return open.isEmpty();
    }

    private void answered(Command<?> command, Result answer) {
      assertThat(answer.isAccepted() || !(command instanceof Command.Ingest)).isTrue();
      if (answer instanceof Result.Batch batch && answer.isAccepted()) {
        List<ChunkKey> keys = batch.items().stream().map(Result.Item::key).toList();
        assertThat(keys)
            .as("its own answer")
            .isEqualTo(CommandKind.kindOf(command).chunks(command));
        promised.addAll(keys);
        removable.addAll(command instanceof Command.Ingest ? keys : List.of());
      } else if (answer instanceof Result.Registered its && answer.isAccepted()) {
        WorkerId worker = ((Command.Register) command).worker();
        header = new ReportHeader(worker, its.incarnation(), its.lineage(), its.lastReport() + 1);
      }
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    isStormy = false;
    pool.shutdownNow();
    for (Member each : members) {
      each.end();
      each.executor.shutdownNow();
      each.executor.awaitTermination(10, TimeUnit.SECONDS);
    }
    // A statement under way would take its locks in another order than the dropping of the schema.
    pool.awaitTermination(10, TimeUnit.SECONDS);
    roles.close();
  }

  @Test
  void twoLeadersAndFollowers_loseNothing_andExecuteNothingTwice() throws Exception {
    storm(Integer.getInteger("stowage.chaos.seconds", 6));
  }

  @Test
  @Tag("deep")
  void longStorm_losesNothing_andExecutesNothingTwice() throws Exception {
    storm(60);
  }

  private PostgresChunkStore.Builder as(Role role, boolean isPooled) {
    String url = roles.server.url().replaceAll("([?&])(user|password)=[^&]*", "$1");
    return isPooled
        ? PostgresChunkStore.builder(PoolingProxy.get().url())
        : PostgresChunkStore.builder(url, roles.login(role), "word");
  }

  private void storm(int seconds) throws Exception {
    Member one = new Member(Role.SCHEDULER, false);
    List<Member> planes = List.of(one, new Member(Role.SCHEDULER, PoolingProxy.isInstalled()));
    List.of(Role.INGESTER, Role.OPERATOR, Role.REPORTER).forEach(it -> new Member(it, false));
    members.forEach(it -> givers.add(new Giver(it)));
    members.forEach(it -> givers.add(new Giver(it)));
    ReplicatedServer.await(() -> planes.stream().anyMatch(it -> it.facade.isLeading()));
    for (int worker = 0; worker < 3; worker++) {
      one.facade.describe(Worker.of(WorkerId.of("w" + worker), CAPACITY), one.facade.now());
    }
    String lineage = lease("lineage");
    int epoch = Integer.parseInt(lease("epoch"));
    List<Future<Integer>> all = givers.stream().map(it -> pool.submit(it::call)).toList();
    Random random = new Random(SEED);
    long end = OwnProcess.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    while (OwnProcess.nanos() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(250)));
      strike(planes.get(planes.get(1).facade.isLeading() ? 1 : 0), random);
    }
    isStormy = false;
    for (Future<Integer> each : all) {
      figures.merge("all commands", each.get(1, TimeUnit.MINUTES), Integer::sum);
    }
    figures.put("all takeovers", Integer.parseInt(lease("epoch")) - epoch);
    ReplicatedServer.await(() -> roles.rows("inbox") == 0);
    givers.forEach(it -> ReplicatedServer.await(it::hear));
    planes.forEach(Member::end);
    Files.writeString(Path.of("target", "chaos.txt"), seconds + " s: " + figures);
    judge();
    assertThat(lease("lineage")).isEqualTo(lineage);
    assertThat(figures.get("all takeovers")).isPositive();
  }

  private String lease(String column) {
    return roles.server.text("SELECT " + column + " FROM " + roles.name + ".lease");
  }

  private void strike(Member leader, Random random) {
    int dice = random.nextInt(12);
    int count = 1;
    if (dice == 0) {
      leader.pausedUntil = OwnProcess.nanos() + LEASE.toNanos() * (2 + random.nextInt(3));
    } else if (dice == 1) {
      leader.end();
      leader.begin();
    } else {
      String cut =
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
              + " WHERE query LIKE '%#%' AND pid <> pg_backend_pid() AND random() < 0.2";
      count = (int) roles.server.number(cut.replace("#", roles.name));
    }
    figures.merge(
        dice == 0 ? "all pauses" : dice == 1 ? "all crashes" : "all cuts", count, Integer::sum);
  }

  /** Lets a third process lead, and compares what it finds with what was acknowledged. */
  private void judge() {
    Member last = new Member(Role.SCHEDULER, false);
    ReplicatedServer.await(last.facade::isLeading);
    Map<Command<?>, Integer> executed = new HashMap<>();
    last.store.evidence(0, Integer.MAX_VALUE).stream()
        .flatMap(it -> EngineReplay.commandIn(it).stream())
        .forEach(it -> executed.merge(it, 1, Integer::sum));
    assertThat(accounts)
        .allSatisfy((command, account) ->
            assertThat(executed.getOrDefault(command, 0)).isBetween(account[0], account[1]));
    assertThat(last.facade.status(List.copyOf(promised)))
        .isNotEmpty()
        .allSatisfy(each -> {
          boolean isMarked = each.marked() || each.state().orElseThrow() == ChunkState.TOMBSTONE;
          assertThat(isMarked).isEqualTo(executed.containsKey(new Command.Remove(each.key())));
        });
    assertThat(last.facade.audit()).isEmpty();
    assertThat(last.store.audit().problems()).isEmpty();
  }
}
