package dev.stowage.benchmarks.postgres;

import dev.stowage.Stowage;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.Timeouts;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Real faults, each tried some times in the middle of a story; after each the store is compared
 * with a memory backend that received the acknowledged commands. A method returns, for each try,
 * the seconds from the fault to the first acknowledged command after it; it throws if an
 * acknowledged command was lost, an audit failed, or the digests differ.
 */
final class Faults {
  private static final int QUIET_STEPS = 12;
  private static final Timeouts HASTY =
      new Timeouts(Duration.ofMinutes(1), Duration.ofSeconds(20), Duration.ofSeconds(5));

  private final Path binaries;
  private final SplittableRandom dice;

  Faults(Path binaries, long seed) {
    this.binaries = binaries;
    dice = new SplittableRandom(seed);
  }

  private static final class Fleet implements AutoCloseable {
    private final FaultTwin twin;
    private final Lineage lineage;
    private PostgresChunkStore store;
    private Stowage leader;

    Fleet(String url) {
      this(url, PlacementPlanner.sticky(), PlacementPlanner.sticky());
    }

    Fleet(String url, PlacementPlanner planner, PlacementPlanner plannerOfTwin) {
      twin = new FaultTwin(plannerOfTwin);
      store = connect(url);
      leader = FaultStory.facade(store, "leader", planner);
      leader.claim(FaultStory.now(0));
      FaultStory.begin(leader);
      lineage = leader.fleet().lineage();
    }

    static PostgresChunkStore connect(String url) {
      return PostgresChunkStore.builder(url)
          .withoutTrustedClock()
          .schema("fleet")
          .timeouts(HASTY)
          .open();
    }

    void go(int steps) {
      for (int i = 0; i < steps; i++) {
        twin.acknowledged(next());
      }
    }

    /** Runs one step; throws if it is not acknowledged. */
    Result next() {
      return leader.execute(FaultStory.command(twin.step(), leader), FaultStory.now(twin.step()));
    }

    /** Connects anew to a server, compares, and goes on; returns the seconds since the fault. */
    double recover(String where, long faultNanos) {
      leader.close();
      store.close();
      store = connect(where);
      leader = FaultStory.facade(store, "leader", PlacementPlanner.sticky());
      twin.compare(store, leader);
      twin.settle(leader);
      double seconds = (System.nanoTime() - faultNanos) / 1e9;
      go(QUIET_STEPS);
      return seconds;
    }

    @Override
    public void close() {
      leader.close();
      store.close();
    }
  }

  /** Kills the server while commands arrive as fast as possible, and starts it again at once. */
  double[] serverKilled(int times) throws Exception {
    double[] seconds = new double[times];
    try (ChaosServer server = ChaosServer.fresh(binaries);
        Fleet fleet = new Fleet(server.url())) {
      for (int i = 0; i < times; i++) {
        int delay = dice.nextInt(5, 120);
        AtomicLong fault = new AtomicLong();
        FutureTask<Boolean> killing =
            new FutureTask<>(() -> {
              // Nobody counts it down: the server dies when the time is over.
              new CountDownLatch(1).await(delay, TimeUnit.MILLISECONDS);
              server.kill();
              fault.set(System.nanoTime());
              server.start();
              return true;
            });
        new Thread(killing).start();
        goUntilItFails(fleet, killing::isDone);
        killing.get();
        seconds[i] = fleet.recover(server.url(), fault.get());
      }
    }
    return seconds;
  }

  /** Runs steps until a command fails; returns the time of the failure, in nanoseconds. */
  private static long goUntilItFails(Fleet fleet) {
    return goUntilItFails(fleet, () -> false);
  }

  /** Runs steps until a command fails, or one that began after {@code isEnough} succeeds. */
  private static long goUntilItFails(Fleet fleet, BooleanSupplier isEnough) {
    boolean isLast = false;
    while (!isLast) {
      isLast = isEnough.getAsBoolean();
      Result answer;
      try {
        answer = fleet.next();
      } catch (StorageException.Transient | IllegalStateException e) {
        return System.nanoTime();
      }
      fleet.twin.acknowledged(answer);
    }
    return System.nanoTime();
  }

  double[] schedulerKilled(int times) throws Exception {
    double[] seconds = new double[times];
    try (ChaosServer server = ChaosServer.fresh(binaries);
        Fleet fleet = new Fleet(server.url())) {
      for (int i = 0; i < times; i++) {
        Process child = child(server.url(), fleet.twin.step());
        try (BufferedReader said =
            new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
          int wanted = dice.nextInt(5, 40);
          require(said.readLine(), "leads");
          for (int did = 0; did < wanted; did++) {
            require(said.readLine(), "did " + fleet.twin.step());
            fleet.twin.acknowledged();
          }
          // Not through the process: that would close the pipe before it is read.
          child.toHandle().destroyForcibly();
          long fault = System.nanoTime();
          // What it said before it died was acknowledged too.
          for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.equals("did " + fleet.twin.step())) {
              fleet.twin.acknowledged();
            }
          }
          child.waitFor();
          seconds[i] = fleet.recover(server.url(), fault);
        }
      }
    }
    return seconds;
  }

  private static void require(@Nullable String line, String wanted) {
    if (!wanted.equals(line)) {
      throw new IllegalStateException("the child said " + line + " instead of " + wanted);
    }
  }

  private static Process child(String url, int step) throws Exception {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx256m",
            "-cp",
            ManagementFactory.getRuntimeMXBean().getClassPath(),
            FaultChild.class.getName(),
            url,
            "fleet",
            String.valueOf(step),
            String.valueOf(step + 10_000))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Cuts the connection in each message of each kind of command in turn. */
  double[] connectionCut(boolean afterTheServerGotIt, int mostCuts) throws Exception {
    double[] seconds = new double[mostCuts];
    int cuts = 0;
    try (ChaosServer server = ChaosServer.fresh(binaries);
        CuttingProxy proxy = new CuttingProxy(server.port());
        Fleet fleet = new Fleet(proxy.url())) {
      fleet.go(QUIET_STEPS);
      for (int message = 1; cuts < mostCuts; message++) {
        proxy.cutAt(message, afterTheServerGotIt);
        boolean isAcknowledged = acknowledged(fleet);
        long fault = System.nanoTime();
        boolean isCut = proxy.heal();
        if (isCut) {
          seconds[cuts++] = fleet.recover(proxy.url(), fault);
        } else {
          // The command was over before: from the first message on in the next one.
          message = 0;
          if (!isAcknowledged) {
            throw new IllegalStateException("a command failed whose connection was not cut");
          }
        }
      }
    }
    return seconds;
  }

  private static boolean acknowledged(Fleet fleet) {
    try {
      fleet.twin.acknowledged(fleet.next());
      return true;
    } catch (StorageException e) {
      return false;
    }
  }

  double[] leaseLostWhilePlanning(int times) throws Exception {
    double[] seconds = new double[times];
    Hooked hooked = new Hooked();
    try (ChaosServer server = ChaosServer.fresh(binaries)) {
      for (int i = 0; i < times; i++) {
        server.execute("DROP SCHEMA IF EXISTS fleet CASCADE");
        try (Fleet fleet = new Fleet(server.url(), hooked, PlacementPlanner.sticky());
            PostgresChunkStore other = Fleet.connect(server.url())) {
          fleet.go(1);
          hooked.once =
              () -> {
                server.execute("UPDATE fleet.lease SET expires_nanos = 0");
                other.claim(new LeaseRequest("other", Duration.ofMinutes(5)));
              };
          boolean isFenced = false;
          try {
            fleet.next();
          } catch (StorageException.Fenced e) {
            isFenced = true;
          }
          long fault = System.nanoTime();
          if (!isFenced) {
            throw new IllegalStateException("a leader that had lost its lease committed");
          }
          server.execute("UPDATE fleet.lease SET expires_nanos = 0");
          seconds[i] = fleet.recover(server.url(), fault);
        }
      }
    }
    return seconds;
  }

  double[] diskLostWhilePlanning(int times) throws Exception {
    double[] seconds = new double[times];
    Hooked hooked = new Hooked();
    Hooked twins = new Hooked();
    try (ChaosServer server = ChaosServer.fresh(binaries)) {
      for (int i = 0; i < times; i++) {
        server.execute("DROP SCHEMA IF EXISTS fleet CASCADE");
        try (Fleet fleet = new Fleet(server.url(), hooked, twins);
            PostgresChunkStore other = Fleet.connect(server.url())) {
          fleet.go(13);
          WorkerId worker = FaultStory.worker(i % FaultStory.WORKERS);
          Command<?> lost = new Command.Register(worker, "another disk");
          hooked.once = () -> other.inbox().submit(lost, Tick.of(5));
          twins.once = () -> fleet.twin.inbox().submit(lost, Tick.of(5));
          fleet.twin.acknowledged(fleet.next());
          seconds[i] = fleet.recover(server.url(), System.nanoTime());
        }
      }
    }
    return seconds;
  }

  double[] diskFull(int times) throws Exception {
    double[] seconds = new double[times];
    try (ChaosServer server = ChaosServer.fresh(binaries);
        SmallDisk disk = SmallDisk.mounted()) {
      server.execute("CREATE TABLESPACE small LOCATION '" + disk.folder() + "'");
      try (Fleet fleet = new Fleet(server.url() + "&options=-c%20default_tablespace=small")) {
        for (int i = 0; i < times; i++) {
          fleet.go(QUIET_STEPS);
          server.execute("CREATE TABLE ballast (filler text) TABLESPACE small");
          fill(server);
          long fault = goUntilItFails(fleet);
          server.execute("DROP TABLE ballast; CHECKPOINT");
          seconds[i] = fleet.recover(server.url(), fault);
        }
      }
      server.execute("DROP SCHEMA fleet CASCADE");
      server.execute("DROP TABLESPACE small");
    }
    return seconds;
  }

  /** Fills the disk until nothing more fits, in smaller and smaller pieces. */
  private static void fill(ChaosServer server) {
    for (int rows = 2_000; rows > 0; ) {
      try {
        server.execute(
            "INSERT INTO ballast SELECT repeat(md5(n::text), 100) FROM generate_series(1, "
                + rows
                + ") n");
      } catch (SQLException full) {
        rows /= 2;
      }
    }
  }

  double[] twoLeaders(int rounds) throws Exception {
    double[] seconds = new double[rounds];
    try (ChaosServer server = ChaosServer.fresh(binaries);
        Fleet fleet = new Fleet(server.url());
        PostgresChunkStore secondStore = Fleet.connect(server.url());
        Stowage second = FaultStory.facade(secondStore, "second", PlacementPlanner.sticky())) {
      Stowage[] leaders = {fleet.leader, second};
      for (int round = 0; round < rounds; round++) {
        long fault = System.nanoTime();
        server.execute("UPDATE fleet.lease SET expires_nanos = 0");
        Stowage leads = leaders[(round + 1) % 2];
        Stowage led = leaders[round % 2];
        leads.claim(FaultStory.now(fleet.twin.step()));
        fleet.twin.settle(leads);
        seconds[round] = (System.nanoTime() - fault) / 1e9;
        requireFenced(led, fleet.twin.step());
        for (int i = 0; i < 3; i++) {
          int step = fleet.twin.step();
          fleet.twin.acknowledged(
              leads.execute(FaultStory.command(step, leads), FaultStory.now(step)));
        }
      }
      server.execute("UPDATE fleet.lease SET expires_nanos = 0");
      fleet.recover(server.url(), System.nanoTime());
    }
    return seconds;
  }

  private static void requireFenced(Stowage led, int step) {
    try {
      led.schedule(FaultStory.now(step));
    } catch (StorageException.Fenced e) {
      return;
    }
    throw new IllegalStateException("a leader of an older epoch wrote at step " + step);
  }

  double[] replicaPromoted(int times) throws Exception {
    double[] seconds = new double[times];
    for (int i = 0; i < times; i++) {
      try (ChaosServer server = ChaosServer.fresh(binaries);
          Fleet fleet = new Fleet(server.url());
          ChaosServer standby = server.standby(true)) {
        fleet.go(QUIET_STEPS + dice.nextInt(12));
        Thread killer =
            new Thread(() -> {
              try {
                server.kill();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
        killer.start();
        long fault = goUntilItFails(fleet);
        killer.join();
        standby.execute("SELECT pg_promote()");
        fleet.leader.close();
        fleet.store.close();
        fleet.store = Fleet.connect(standby.url());
        fleet.leader = FaultStory.facade(fleet.store, "leader", PlacementPlanner.sticky());
        promoted(fleet);
        seconds[i] = (System.nanoTime() - fault) / 1e9;
      }
    }
    return seconds;
  }

  /** Kills the server, promotes a replica that had stopped following it, and goes the way back. */
  Tried staleReplicaPromoted(int times) throws Exception {
    double[] seconds = new double[times];
    int lost = 0;
    for (int i = 0; i < times; i++) {
      StaleReplica story = new StaleReplica(dice);
      try (ChaosServer server = ChaosServer.fresh(binaries)) {
        seconds[i] = story.run(server);
      }
      lost += story.lost();
    }
    return new Tried(seconds, lost);
  }

  /**
   * The result of a fault that necessarily loses commits.
   *
   * @param seconds the seconds of each try
   * @param lost the acknowledged commands that no server has, of all tries
   */
  record Tried(double[] seconds, int lost) {}

  /** Requires a new lineage, since the store cannot know whether a replica lost commits. */
  private static void promoted(Fleet fleet) {
    fleet.twin.compare(fleet.store, fleet.leader);
    if (fleet.leader.fleet().lineage().equals(fleet.lineage)) {
      throw new IllegalStateException("no lineage began on the promoted replica");
    }
    fleet.leader.schedule(FaultStory.now(fleet.twin.step()));
    if (!fleet.leader.audit().isEmpty()) {
      throw new IllegalStateException("audits found " + fleet.leader.audit());
    }
  }

  private static final class Hooked implements PlacementPlanner {
    private @Nullable Step once;

    interface Step {
      void run() throws Exception;
    }

    @Override
    public PlacementPlan plan(PlacementInput input) {
      Step step = once;
      once = null;
      if (step != null) {
        try {
          step.run();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      return PlacementPlanner.sticky().plan(input);
    }
  }
}
