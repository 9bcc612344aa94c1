package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers, disks and connections that end while commands arrive. After each fault the evidence has
 * every acknowledged command in order and at most the one in flight besides, a replay of it gives
 * the stored digest, every row agrees with the digest, and audits hold.
 */
@Tag("deep")
class LostServersTest {
  private static final String[] WORKERS = {"a", "b", "c", "d"};
  private static final int TRIES = 4;

  @TempDir private Path folder;

  private final List<Command<?>> acknowledged = new ArrayList<>();
  private ReplicatedServer servers;
  private PostgresChunkStore store;
  private Stowage leader;
  private SmallFleet fleet;
  private int chunks;

  @BeforeEach
  void start() throws Exception {
    servers = new ReplicatedServer(folder);
  }

  @AfterEach
  void end() {
    close();
    servers.close();
  }

  private void close() {
    leader.close();
    store.close();
  }

  private void begin(String url) {
    open(url);
    fleet = new SmallFleet(leader);
    lead();
    fleet.join(1 << 30, WORKERS);
    rounds(3);
  }

  private void open(String url) {
    store = PostgresChunkStore.builder(url).withoutTrustedClock().schema("fleet").open();
    StowageListener notes =
        new StowageListener() {
          @Override
          public void executed(Tick tick, Command<?> command, Result result) {
            if (isKept(command) && result.isAccepted()) {
              acknowledged.add(command);
            }
          }
        };
    leader =
        Stowage.builder(store)
            .config(SmallFleet.config().withHolder("leader"))
            .listener(notes)
            .build();
  }

  /** Reports whether a command leaves a record in the transaction that acknowledges it. */
  private static boolean isKept(Command<?> command) {
    return command instanceof Command.Ingest || command instanceof Command.Applied;
  }

  /** Claims until no proof of a process is waited for. */
  private void lead() {
    ReplicatedServer.await(() -> {
      try {
        return leader.claim(fleet.now()).granted();
      } catch (StorageException.Transient unproved) {
        return false;
      }
    });
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      int first = 10 * chunks++;
      fleet.ingest(SmallFleet.chunk("c" + first, first));
      fleet.round();
    }
  }

  /** Runs commands until one fails. */
  private void roundsUntilOneFails() {
    try {
      rounds(10_000);
    } catch (StorageException.Transient | IllegalStateException expected) {
      return;
    }
    throw new AssertionError("no command failed");
  }

  /** Opens the store anew, judges it, and goes on. */
  private void recover(String url) {
    close();
    open(url);
    fleet.through(leader);
    requireRows();
    lead();
    requireAcknowledged();
    rounds(2);
  }

  /** Requires that every stored row agrees with the digest. */
  private void requireRows() {
    Claim claim = store.claim(new LeaseRequest("leader", Duration.ofMinutes(5)));
    try (StoreSession session = ((Claim.Granted) claim).session()) {
      session.verify();
    }
  }

  private void requireAcknowledged() {
    List<EvidenceRecord> records = store.evidence(0, Integer.MAX_VALUE);
    List<Command<?>> stored = commands(records);
    assertThat(stored).startsWith(acknowledged.toArray(Command<?>[]::new));
    assertThat(stored).hasSizeLessThanOrEqualTo(acknowledged.size() + 1);
    assertThat(
            Replayer.run(
                Evidence.of(leader).header(),
                records,
                EngineReplay.with(PlacementPlanner.sticky())))
        .isInstanceOf(ReplayResult.Same.class);
    assertThat(leader.audit()).isEmpty();
    acknowledged.clear();
    acknowledged.addAll(stored);
  }

  private static List<Command<?>> commands(List<EvidenceRecord> records) {
    List<Command<?>> commands = new ArrayList<>();
    for (EvidenceRecord record : records) {
      EngineReplay.commandIn(record).filter(LostServersTest::isKept).ifPresent(commands::add);
    }
    return commands;
  }

  private CompletableFuture<Void> killing() {
    return CompletableFuture.runAsync(() -> {
      try {
        servers.killPrimary();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void serverThatIsKilled_andStartedAgain_losesNothing() throws Exception {
    begin(servers.primaryUrl());
    for (int i = 0; i < TRIES; i++) {
      CompletableFuture<Void> kill = killing();
      roundsUntilOneFails();
      kill.join();
      servers.startPrimary();
      recover(servers.primaryUrl());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionThatIsCut_atEachMessageInTurn_losesNothing(boolean isBehind) {
    try (Relay relay = new Relay(servers.primaryPort())) {
      String url = "jdbc:postgresql://localhost:" + relay.port() + "/postgres?user=postgres";
      begin(url);
      int cuts = 0;
      for (int message = 1; ; message++, cuts++) {
        relay.cutAt(message, isBehind);
        try {
          rounds(1);
        } catch (StorageException | IllegalStateException cut) {
          assertThat(cut).isNotNull();
        }
        if (!relay.heal()) {
          break;
        }
        recover(url);
      }
      assertThat(cuts).as("messages of a round").isGreaterThan(10);
    }
  }

  @Test
  void diskThatIsFull_refusesCommands_losesNothing_andGoesOnOnceThereIsRoom() throws Exception {
    servers.stopStandby();
    try (SmallDisk disk = new SmallDisk(Files.createDirectory(folder.resolve("small")))) {
      servers.onPrimary("CREATE TABLESPACE small LOCATION '" + disk.data + "'");
      String url = servers.primaryUrl() + "&options=-c%20default_tablespace=small";
      begin(url);
      for (int i = 0; i < TRIES; i++) {
        servers.onPrimary("CREATE TABLE ballast (filler text) TABLESPACE small");
        fill();
        roundsUntilOneFails();
        servers.onPrimary("DROP TABLE ballast; CHECKPOINT");
        recover(url);
      }
      close();
      servers.onPrimary("DROP SCHEMA fleet CASCADE");
      servers.onPrimary("DROP TABLESPACE small");
    }
  }

  /** Fills the disk until nothing more fits, in smaller and smaller pieces. */
  private void fill() {
    for (int rows = 2_000; rows > 0; ) {
      try {
        servers.onPrimary(
            "INSERT INTO ballast SELECT repeat(md5(n::text), 100) FROM generate_series(1, "
                + rows
                + ") n");
      } catch (AssertionError full) {
        rows /= 2;
      }
    }
  }

  /** A small file system in memory, which only the superuser of the machine can mount. */
  private static final class SmallDisk implements AutoCloseable {
    private final Path mount;
    private final Path data;

    SmallDisk(Path mount) throws IOException {
      this.mount = mount;
      data = mount.resolve("data");
      String[] command = {
        "mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", mount.toString()
      };
      Assumptions.assumeTrue(
          Files.isExecutable(Path.of("/bin/mount")) && run(command) == 0,
          "this user may not mount a small file system: no full disk was tried");
      Files.createDirectory(data);
    }

    private static int run(String... command) throws IOException {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join()
          .exitValue();
    }

    @Override
    public void close() throws IOException {
      run("umount", "-l", mount.toString());
    }
  }

  @Test
  void synchronousReplica_thatIsPromoted_hasEverything_andStaysInTheLineage() throws Exception {
    servers.onPrimary("ALTER SYSTEM SET synchronous_standby_names = '*'");
    servers.onPrimary("SELECT pg_reload_conf()");
    ReplicatedServer.await(() ->
        ReplicatedServer.text(
                servers.primaryUrl(),
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
            .equals("1"));
    begin(servers.bothUrl());
    Lineage first = leader.fleet().lineage();
    CompletableFuture<Void> kill = killing();
    roundsUntilOneFails();
    kill.join();
    servers.onStandby("SELECT pg_promote()");
    lead();
    requireAcknowledged();
    assertThat(leader.fleet().lineage()).isEqualTo(first);
    rounds(2);
    recover(servers.standbyUrl());
  }

  @Test
  void replica_thatHadCeasedToFollow_isALineageOfItsOwn_inWhichOldReportsProveNothing()
      throws Exception {
    begin(servers.bothUrl());
    Lineage first = leader.fleet().lineage();
    servers.awaitReplay();
    servers.stopStandby();
    int kept = acknowledged.size();
    rounds(3);
    assertThat(acknowledged).hasSizeGreaterThan(kept);
    WorkerAssignmentId known = leader.fleet().ids().worker();
    servers.killPrimary();
    servers.startStandby();
    servers.onStandby("SELECT pg_promote()");
    lead();
    acknowledged.subList(kept, acknowledged.size()).clear();
    requireAcknowledged();
    assertThat(acknowledged).hasSize(kept);
    assertThat(leader.fleet().lineage()).isNotEqualTo(first);

    fleet.ingest(SmallFleet.chunk("after", 1L << 40));
    leader.schedule(fleet.pass(1).now());
    for (String worker : WORKERS) {
      for (WorkerAssignmentId id : List.of(known, leader.fleet().ids().worker())) {
        assertThat(leader.applied(fleet.header(worker), id, List.of(), fleet.now()).code())
            .isEqualTo(ResultCode.FOREIGN_LINEAGE);
      }
    }
    leader.publish(fleet.now());
    assertThat(stateOfAfter()).isEqualTo(ChunkState.ADMITTED);

    for (String worker : WORKERS) {
      fleet.register(worker);
      leader.inventory(fleet.header(worker), List.copyOf(fleet.disk(worker)), fleet.now());
    }
    fleet.settle();
    assertThat(stateOfAfter()).isEqualTo(ChunkState.VISIBLE);
    assertThat(leader.audit()).isEmpty();
  }

  private ChunkState stateOfAfter() {
    return leader.status(List.of(SmallFleet.key("after"))).get(0).state().orElseThrow();
  }
}
