package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.scenario.oracles.EvidenceOracle;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.world.BytesOracle;
import dev.stowage.sim.kit.world.Moment;
import dev.stowage.sim.kit.world.SightOracle;
import dev.stowage.sim.kit.world.WorldFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the judgement of portals and evidence: the least violation, and a near miss. */
class WorldJudgeTest {
  private static final WorkerId A = WorkerId.of("a");
  private static final long WINDOW = 5;

  private final Losses losses = new Losses();
  private final WorldFindings findings = new WorldFindings();
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
  private static ScriptedWorker bare() {
    return new ScriptedWorker(
        Worker.of(A, 10 << 20), "disk", said -> Result.Answer.of(ResultCode.ACCEPTED));
  }

  private StoryPortals portals(boolean isProven) {
    StoryPortals portals = noPortals();
    Moment now = new Moment(world.time.tick(), 9);
    portals.take("p", now, isProven, world.books(), new SightOracle(findings));
    return portals;
  }

  private StoryPortals noPortals() {
    return new StoryPortals((asked, way) -> CompletableFuture.completedFuture(world.answer(asked)));
  }

  private static Map<WorkerId, ScriptedWorker> only(ScriptedWorker worker) {
    return new TreeMap<>(Map.of(A, worker));
  }

  private ChunkNumber number() {
    return world.routes().routes().get(0).number();
  }

  private long ask(boolean isProven, ScriptedWorker worker, long ticksLater) {
    return portals(isProven)
        .ask(only(worker), losses, world.time.tick() + ticksLater, new BytesOracle(findings, 0));
  }

  @Test
  void ask_forBytesThatAreNotThere_isBroken() {
    assertThat(ask(true, bare(), WINDOW - 1)).isEqualTo(1);
    assertThat(findings.violations()).hasSize(1);
  }

  @Test
  void ask_forBytesThatAreThere_getsThem() {
    assertThat(ask(true, world.worker(A).orElseThrow(), 0)).isEqualTo(1);
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.measuredMisses()).isZero();
  }

  @Test
  void ask_underAQuorum_isMeasured() {
    ask(false, bare(), 0);
    assertThat(findings.measuredMisses()).isEqualTo(1);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void ask_afterTheWindow_doesNotHappen() {
    assertThat(ask(true, bare(), WINDOW)).isZero();
  }

  @Test
  void ask_forBytesThatWentWithADisk_isExcused() {
    ScriptedWorker worker = bare();
    worker.excuses().gaveUp(number(), 9);
    ask(true, worker, 0);
    assertThat(findings.violations()).isEmpty();
  }

  @Test
  void ask_forWhatWasGivenUp_isExcusedForOlderRoutesAlone() {
    ScriptedWorker worker = bare();
    worker.excuses().gaveUp(number(), 9);
    worker.excuses().areKnown(10);
    ask(true, worker, 0);
    assertThat(findings.violations()).isEmpty();
    ScriptedWorker earlier = bare();
    earlier.excuses().gaveUp(number(), 8);
    earlier.excuses().areKnown(9);
    ask(true, earlier, 0);
    assertThat(findings.violations()).hasSize(1);
  }

  @Test
  void routes_toAWorkerWithoutTheBytes_areFound() {
    WorldJudge judge = new WorldJudge(AuditLevel.ALL, only(bare()), noPortals());
    assertThatThrownBy(() -> judge.routed(world.routes())).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void routes_toAWorkerWithTheBytes_areNothing() {
    ScriptedWorker real = world.worker(A).orElseThrow();
    WorldJudge judge = new WorldJudge(AuditLevel.ALL, only(real), noPortals());
    assertThatCode(() -> judge.routed(world.routes())).doesNotThrowAnyException();
  }

  @Test
  void deleting_whatAPortalMayAskFor_isFatal() {
    Moment last = new Moment(world.time.tick() + WINDOW - 1, 9);
    assertThatThrownBy(() -> delete(last)).isInstanceOf(InvariantViolation.class);
  }

  @Test
  void deleting_afterTheWindow_isNothing() {
    Moment over = new Moment(world.time.tick() + WINDOW, 9);
    assertThatCode(() -> delete(over)).doesNotThrowAnyException();
  }

  private void delete(Moment now) {
    ScriptedWorker real = world.worker(A).orElseThrow();
    SliceEntry entry = real.disk().entries().get(0);
    new WorldJudge(AuditLevel.ALL, only(real), portals(true))
        .deleting(real, entry, world.books(), world.routes(), now);
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
