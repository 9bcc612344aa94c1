package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A recorder that refuses for longer than its backlog lasts: thousands of commands, in memory. */
class RefusingRecorderTest {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().build();

  @Test
  void recorderThatRefuses_changesNoAnswer_andHoldsUpCommandsBehindItsBacklog() {
    Refusing recorder = new Refusing();
    Stowage stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withAudit(AuditLevel.OFF))
                .with(recorder)
                .build());
    assertThat(stowage.claim(1).granted()).isTrue();
    recorder.isRefusing = true;
    int answered = 0;
    while (recorder.isRefusing) {
      Command<?> describe = Command.Describe.of(Worker.of(WorkerId.of("w"), 1_000 + answered));
      long before = stowage.stats().digest();
      try {
        assertThat(stowage.execute(describe, 1).isAccepted()).isTrue();
        answered++;
      } catch (EvidenceException.SinkFailed e) {
        assertThat(stowage.stats().digest()).as("refused before it was decided").isEqualTo(before);
        recorder.isRefusing = false;
      }
    }
    assertThat(answered)
        .as("three records each: the command, its answer and the deed")
        .isGreaterThan(EvidenceSink.SinkPolicy.DEFAULT_BACKLOG_RECORDS / 3 - 512);
    assertThat(stowage.execute(Command.Describe.of(Worker.of(WorkerId.of("v"), 9)), 1).isAccepted())
        .isTrue();
    assertThat(recorder.refused).isGreaterThan(1_000);
    assertThat(stowage.stats().hostFailures())
        .as("each refusal, and no other failure")
        .isEqualTo(recorder.refused);
    assertThat(stowage.isLeading()).isTrue();
    long records = Evidence.of(stowage).nextIndex();
    stowage.resign();
    assertThat(recorder.taken).as("no record is missing").isEqualTo(records);
    Stowage next = audit.watch(SmallFleet.facade(store, "next"));
    assertThat(next.claim(1).granted()).isTrue();
    assertThat(next.stats().workers()).isEqualTo(2);
    assertThat(SmallFleet.state(next).digest()).isEqualTo(SmallFleet.state(next).fullDigest());
  }

  /** Takes records in order, or none. */
  private static final class Refusing implements EvidenceSink {
    private boolean isRefusing;
    private long refused;
    private long taken;

    @Override
    public void accept(RecordBatch batch) {
      if (isRefusing) {
        refused++;
        throw new IllegalStateException("no room");
      }
      assertThat(batch.firstIndex()).isLessThanOrEqualTo(taken);
      taken = batch.endIndex();
    }
  }
}
