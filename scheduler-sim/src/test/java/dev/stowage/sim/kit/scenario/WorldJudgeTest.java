package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.AuditLevel;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordType.RecordStream;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.EvidenceOracle;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What portals get and what evidence proves: the least violation, and what is nearly one. */
class WorldJudgeTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final long WINDOW = 5;

  private final Losses losses = new Losses();
  private ScenarioWorld world;

  @BeforeEach
  void begin() throws UnreadableWord {
    world = ScenarioWorld.audited(Settings.defaults(), new MemoryScenarioStore());
    for (String line :
        List.of("worker a capacity=10MiB", "ingest d/c 0-9 size=1MiB", "round", "round")) {
      assertThat(StepReader.read(line).run(world).isDone()).as(line).isTrue();
    }
    assertThat(world.routes().routes()).hasSize(1);
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** Worker a as it would be without a byte. */
  private static StoryWorker bare() {
    return new StoryWorker(
        Worker.of(A, 10 << 20), "disk", said -> Result.Answer.of(ResultCode.ACCEPTED));
  }

  private StoryPortals portals(boolean isProven) {
    StoryPortals portals = new StoryPortals();
    WorldJudge.Moment now = new WorldJudge.Moment(world.time.tick(), 9);
    portals.take("p", StoryPortal.taking(world.routes(), now, WINDOW, isProven), world.books());
    return portals;
  }

  private static Map<WorkerId, StoryWorker> only(StoryWorker worker) {
    return new TreeMap<>(Map.of(A, worker));
  }

  private ChunkNumber number() {
    return world.routes().routes().get(0).number();
  }

  @Test
  void ask_forBytesThatAreNotThere_isBroken() {
    StoryPortals.Asked asked =
        portals(true).ask(only(bare()), losses, world.time.tick() + WINDOW - 1);
    assertThat(asked.inVain()).isEqualTo(1);
    assertThat(asked.broken()).isPresent();
  }

  @Test
  void ask_forBytesThatAreThere_getsThem() {
    StoryWorker real = world.worker(A).orElseThrow();
    assertThat(portals(true).ask(only(real), losses, world.time.tick()).inVain()).isZero();
  }

  @Test
  void ask_underAQuorum_isMeasured() {
    StoryPortals.Asked asked = portals(false).ask(only(bare()), losses, world.time.tick());
    assertThat(asked.inVain()).isEqualTo(1);
    assertThat(asked.broken()).isEmpty();
  }

  @Test
  void ask_afterTheWindow_doesNotHappen() {
    assertThat(portals(true).ask(only(bare()), losses, world.time.tick() + WINDOW).asked())
        .isZero();
  }

  @Test
  void ask_forBytesThatWentWithADisk_isExcused() {
    StoryWorker worker = bare();
    worker.gaveUp(number(), 9);
    assertThat(portals(true).ask(only(worker), losses, world.time.tick()).broken()).isEmpty();
  }

  @Test
  void ask_forWhatWasGivenUp_isExcusedForOlderRoutesAlone() {
    StoryWorker worker = bare();
    worker.gaveUp(number(), 9);
    worker.lossesAreKnown(10);
    assertThat(portals(true).ask(only(worker), losses, world.time.tick()).broken()).isEmpty();
    StoryWorker earlier = bare();
    earlier.gaveUp(number(), 8);
    earlier.lossesAreKnown(9);
    assertThat(portals(true).ask(only(earlier), losses, world.time.tick()).broken()).isPresent();
  }

  @Test
  void routes_toAWorkerWithoutTheBytes_areFound() {
    assertThat(WorldOracles.routedToNothing(world.routes().routes(), only(bare()))).isPresent();
  }

  @Test
  void routes_toAWorkerWithTheBytes_areNothing() {
    StoryWorker real = world.worker(A).orElseThrow();
    assertThat(WorldOracles.routedToNothing(world.routes().routes(), only(real))).isEmpty();
  }

  @Test
  void deleting_whatAPortalMayAskFor_isFatal() {
    WorldJudge.Moment last = new WorldJudge.Moment(world.time.tick() + WINDOW - 1, 9);
    assertThatThrownBy(() -> delete(last)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void deleting_afterTheWindow_isNothing() {
    WorldJudge.Moment over = new WorldJudge.Moment(world.time.tick() + WINDOW, 9);
    assertThatCode(() -> delete(over)).doesNotThrowAnyException();
  }

  private void delete(WorldJudge.Moment now) {
    StoryWorker real = world.worker(A).orElseThrow();
    SliceEntry entry = real.bytes().iterator().next();
    new WorldJudge(AuditLevel.ALL, only(real), portals(true))
        .deleting(real, entry, world.books(), world.routes(), now);
  }

  @Test
  void evidence_asItWasWritten_isNothing() {
    assertThat(EvidenceOracle.judge(world.evidenceHeader(), world.evidence())).isEmpty();
  }

  @Test
  void evidence_withoutOneRecord_doesNotVerify() {
    List<EvidenceRecord> records = new ArrayList<>(world.evidence());
    records.remove(records.size() / 2);
    assertThat(EvidenceOracle.judge(world.evidenceHeader(), records))
        .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo("evidence verifies"));
  }

  @Test
  void evidence_chainedAnewWithoutOneInput_doesNotReplay() {
    List<EvidenceRecord> records = world.evidence();
    int last = records.size() - 1;
    while (records.get(last).stream() != RecordStream.INPUT) {
      last--;
    }
    List<EvidenceRecord> fewer = new ArrayList<>(records);
    fewer.remove(last);
    assertThat(EvidenceOracle.judge(world.evidenceHeader(), chained(fewer)))
        .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo("evidence replays"));
    assertThat(EvidenceOracle.judge(world.evidenceHeader(), chained(records))).isEmpty();
  }

  /** A chain over these records, whatever they were before. */
  private List<EvidenceRecord> chained(List<EvidenceRecord> records) {
    List<EvidenceRecord> chained = new ArrayList<>();
    EvidenceHeader header = world.evidenceHeader();
    EvidenceLog log =
        EvidenceLog.builder(header)
            .continuing(ChainPoint.originOf(header))
            .sink(batch -> chained.addAll(batch.records()), SinkPolicy.block())
            .build();
    records.forEach(log::append);
    log.flush();
    return chained;
  }
}
