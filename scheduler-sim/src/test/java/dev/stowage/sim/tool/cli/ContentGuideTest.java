package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.content.ByteRate;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.PriorityClass;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.JvmLoad;
import dev.stowage.pressure.MachineSampler;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs the examples on content scheduling; {@code SnippetsTest} holds the page against them. */
class ContentGuideTest {
  @Test
  void guidesExamples_run_andDoWhatThePageSays() {
    List<String> sent = new ArrayList<>();
    ContentConfig config =
        ContentConfig.DEFAULT
            .withRate(new ByteRate(50_000_000, 1_000_000))
            .withMaxWait(Duration.ofSeconds(5));
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "1.0"));
    ContentScheduler scheduler = ContentScheduler.recording(config, log);

    long now = 0;
    scheduler.schedule(ContentItem.of(1, PriorityClass.DATA, 900_000, 2, 40).inStream(7), now);
    scheduler.schedule(ContentItem.of(2, PriorityClass.DATA, 80_000, 1, 40).inStream(8), now);
    scheduler.schedule(ContentItem.of(3, PriorityClass.CONTROL, 200, 1, 1), now);

    Decision decision = scheduler.decide(now);
    while (decision instanceof Decision.Selected selected) {
      sent.add(selected.item().id() + " " + selected.evidence().reason());
      if (selected.item().id() == 2) {
        scheduler.fail(2, "connection reset", now);
      } else {
        scheduler.complete(selected.item().id());
      }
      decision = scheduler.decide(now);
    }
    if (decision instanceof Decision.Throttled throttled) {
      now += throttled.retryAfterNanos();
    }
    assertThat(sent).containsExactly("3 PRIORITY_CLASS", "1 STREAM_FAIRNESS", "2 PRIORITY_CLASS");
    assertThat(now).as("the wait before the second attempt").isEqualTo(100_000_000);
    assertThat(scheduler.decide(now).selected().orElseThrow().item().id()).isEqualTo(2);

    scheduler.updatePressure(new PressureSnapshot(0.2, 0.9, 0.1, 0.3, now), now);
    assertThat(scheduler.stats().band()).isEqualTo(PressureBand.HIGH);

    MachineSampler sampler = new MachineSampler(path -> Files.readString(Path.of(path)), 0);
    MachineSampler.Sample sample = sampler.sample(JvmLoad.measured(), now);
    scheduler.updatePressure(sample.snapshot(), now);
    assertThat(sample.snapshot().suspect()).isEmpty();

    ReplayResult again = Replayer.run(log.header(), log.records(), ContentScheduler.factory());
    again.requireSame();
  }

  @Test
  void guidesTransfers_sendSlicesThenCopies() {
    List<PriorityClass> went = new ArrayList<>();
    long now = 0;
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).build()) {
      stowage.claim(now);
      for (String name : List.of("mirror-1", "mirror-2", "mirror-3")) {
        stowage.describe(Worker.of(WorkerId.of(name), 1L << 30), now);
        stowage.register(WorkerId.of(name), "the id on the disk of " + name, now);
      }
      Chunk chunk = Chunk.of(ChunkKey.of("logs", "2026-11-20"), BlockRange.of(0, 99), 1 << 20);
      stowage.ingest(List.of(chunk), now);

      ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
      Transfers transfers = Transfers.of(stowage, queue, (worker, bytes) -> bytes / 100e6);
      stowage.schedule(now);
      transfers.follow(now);

      Transfers.Next next = transfers.next(now);
      while (next.transfer().isPresent()) {
        Transfers.Transfer transfer = next.transfer().get();
        went.add(((Decision.Selected) next.decision()).item().priorityClass());
        transfers.arrived(transfer.id());
        next = transfers.next(now);
      }
      assertThat(transfers.reconcile(now)).as("the workers have not reported yet").isPositive();
    }
    assertThat(went).startsWith(PriorityClass.MANIFEST).contains(PriorityClass.DATA);
  }
}
