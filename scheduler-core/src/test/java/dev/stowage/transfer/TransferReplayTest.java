package dev.stowage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.PartReplay;
import dev.stowage.content.RepairConfig;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.ReplayComparison.RecordDifference;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Each of the four parts, run again from its record alone. */
class TransferReplayTest {
  private static final long SECOND = 1_000_000_000L;

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void scheduler_inAnyHistory_isReplayed(@ForAll long seed) {
    Random random = new Random(seed);
    EvidenceLog log = EvidenceLog.of(TransferScheduler.header("test"));
    TransferScheduler scheduler = TransferScheduler.recording(log);
    long now = 0;
    for (int i = 0; i < 80; i++) {
      now += random.nextInt(3) * 40 * SECOND;
      long object = random.nextInt(3);
      long offset = random.nextInt(4);
      switch (random.nextInt(6)) {
        case 0 -> scheduler.complete(object, offset, random.nextDouble());
        case 1 -> scheduler.fail(object, offset, now);
        case 2 -> scheduler.withdraw(object, offset);
        case 3, 4 -> scheduler.offer(chunk(random, object, offset, now), now);
        default ->
            scheduler.next(
                new PressureSnapshot(0, random.nextDouble(), Double.NaN, 0, now),
                random.nextInt(300),
                now);
      }
      scheduler.next(PressureSnapshot.NONE, random.nextInt(300), now);
    }
    assertSame(log, Replayer.run(log.header(), log.records(), TransferScheduler.factory()));
  }

  private static TransferChunk chunk(Random random, long object, long offset, long now) {
    TransferPriority[] all = TransferPriority.values();
    return TransferChunk.of(
            object, offset, random.nextInt(200_000), all[random.nextInt(all.length)])
        .withValue(new TransferChunk.Value(random.nextDouble(), 0, random.nextInt(2)))
        .withCosts(new TransferChunk.Costs(random.nextDouble(), 0.1, 0))
        .withDeadline(random.nextBoolean() ? Long.MAX_VALUE : now + 100 * SECOND);
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void paths_inAnyHistory_areReplayed(@ForAll long seed) {
    Random random = new Random(seed);
    PathSelector.Policy policy = PathSelector.Policy.DEFAULT.withMaxPaths(random.nextInt(3));
    EvidenceLog log = EvidenceLog.of(PathSelector.header(policy, "test"));
    PathSelector selector = PathSelector.recording(policy, log);
    PathSelector.Quality[] qualities = PathSelector.Quality.values();
    for (int i = 0; i < 15; i++) {
      List<PathSelector.Path> paths = new ArrayList<>();
      for (int p = random.nextInt(5); p > 0; p--) {
        double stability = random.nextInt(5) == 0 ? Double.NaN : random.nextInt(4) / 3.0;
        paths.add(
            new PathSelector.Path(
                "path" + p, qualities[random.nextInt(6)], stability, random.nextDouble(), 5_000));
      }
      List<PathSelector.Relay> relays = List.of(new PathSelector.Relay("r", 5, 10, -1));
      selector.select("t" + random.nextInt(2), paths, relays, Double.NaN);
      if (random.nextInt(5) == 0) {
        selector.forget("t0");
      }
    }
    assertSame(log, Replayer.run(log.header(), log.records(), PathSelector.factory()));
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void repair_inAnyHistory_isReplayed(@ForAll long seed) {
    Random random = new Random(seed);
    RepairConfig config =
        RepairConfig.DEFAULT
            .withLeastNet(random.nextInt(100_000))
            .withLikelyResume(random.nextInt(1_001));
    EvidenceLog log = EvidenceLog.of(RepairPolicy.header(config, "test"));
    RepairPolicy policy = RepairPolicy.recording(config, log);
    for (int i = 0; i < 20; i++) {
      RepairFactors factors =
          RepairFactors.NONE
              .withGain(random.nextInt(3_000_000), 10_000, 10_000, 1 << 20)
              .withStrain(random.nextInt(1001), random.nextInt(1001))
              .withPath(random.nextInt(1001), random.nextInt(1001), 500, random.nextInt(3));
      policy.judge(
          factors,
          random.nextBoolean() ? null : new RepairPolicy.Relay(true, random.nextInt(600_000)),
          random.nextInt(4) == 0 ? RepairPolicy.Action.MULTI_PEER : null);
      RepairPolicy.Mode mode =
          policy.mode(
              factors,
              new RepairPolicy.Situation(
                  random.nextInt(10), false, 0, random.nextBoolean(), 100, 1));
      policy.use(mode, i * 100_000L);
    }
    assertSame(log, Replayer.run(log.header(), log.records(), RepairPolicy.factory()));
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void rarity_inAnyHistory_isReplayed(@ForAll long seed) {
    Random random = new Random(seed);
    EvidenceLog log = EvidenceLog.of(RarityIndex.header(6, "test"));
    RarityIndex index = RarityIndex.recording(6, log);
    for (int i = 0; i < 60; i++) {
      int piece = random.nextInt(6);
      String peer = "p" + random.nextInt(3);
      switch (random.nextInt(11)) {
        case 0 -> index.advertise(peer, piece, random.nextInt(6), piece);
        case 1 -> index.removePeer(peer);
        case 2 -> index.downloading(piece);
        case 3 -> index.verifying(piece);
        case 4 -> index.complete(piece);
        case 5 -> index.fail(piece);
        case 6 -> index.sequential(random.nextInt(4));
        case 7 -> index.rarestFirst(random.nextInt(4));
        case 8 -> index.availability(piece, List.of(peer, "p1"));
        case 9 ->
            index.chooseSource(
                piece,
                List.of(
                    new PeerScore(peer, 1e6 * random.nextInt(20), 3, 1, 0.5, 20, 1, 0),
                    new PeerScore("p1", Double.NaN, 0, 0, 0.5, 20, 1, random.nextInt(5))));
        default -> index.request(piece, peer);
      }
    }
    assertSame(log, Replayer.run(log.header(), log.records(), RarityIndex.factory()));
  }

  @Test
  void aChangedAnswer_isFoundAndShownInBothForms() {
    EvidenceLog log = EvidenceLog.of(TransferScheduler.header("test"));
    TransferScheduler scheduler = TransferScheduler.recording(log);
    scheduler.offer(TransferChunk.of(7, 0, 1, TransferPriority.STANDARD), 0);
    scheduler.next(PressureSnapshot.NONE, 100, 0);
    EvidenceLog forged = EvidenceLog.of(log.header());
    for (EvidenceRecord record : log.records()) {
      if (record.is(RecordType.outcome(0x0409, "TRANSFER_SENT"))) {
        forged.append(RecordType.outcome(0x040A, "TRANSFER_HELD"), new byte[] {1, 1, 3});
      } else {
        forged.append(record);
      }
    }
    ReplayResult result =
        Replayer.run(forged.header(), forged.records(), TransferScheduler.factory());
    assertThat(result).isInstanceOf(ReplayResult.Differs.class);
    RecordDifference difference = ((ReplayResult.Differs) result).difference();
    assertThat(difference.describe(PartReplay.catalog()))
        .contains("TRANSFER_HELD", "why IDLE", "TRANSFER_SENT", "object 7, offset 0");
  }

  private static void assertSame(EvidenceLog log, ReplayResult result) {
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    assertThat(log.records())
        .allSatisfy(record ->
            assertThat(PartReplay.catalog().explain(record).toString())
                .doesNotContain("unreadable payload", "unknown type"));
  }
}
