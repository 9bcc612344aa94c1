package dev.stowage.evidence;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.stowage.evidence.Replayer.ReplayComparison;
import dev.stowage.evidence.Replayer.ReplayComparison.RecordDifference;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayerTest {
  private static List<EvidenceRecord> recording(int inputs) {
    EvidenceLog log = EvidenceLog.of(HEADER);
    CountingEngine engine = new CountingEngine(log, 0);
    for (int i = 0; i < inputs; i++) {
      engine.add(i * 7L);
    }
    return Runs.listed(log.records());
  }

  private static EvidenceRecord changed(EvidenceRecord record, long value) {
    return EvidenceRecord.of(
        record.index(), record.wire(), new CanonicalWriter().u64(value).toBytes(), record.hash());
  }

  private static ReplayResult replay(List<EvidenceRecord> records) {
    return Replayer.run(HEADER, records, (header, log) -> new CountingEngine(log, 0));
  }

  private static RecordDifference difference(ReplayResult result) {
    assertThat(result).isInstanceOf(ReplayResult.Differs.class);
    return ((ReplayResult.Differs) result).difference();
  }

  @Test
  void recordedInputsAlone_leadToTheSameHead() {
    List<EvidenceRecord> records = recording(5000);

    ReplayResult.Same same = replay(records).requireSame();

    assertThat(same.inputs()).isEqualTo(5000);
    assertThat(same.outcomes()).isEqualTo(5000 + 5000 / 3);
    assertThat(same.head().hash()).isEqualTo(records.get(records.size() - 1).hash());
    assertThat(same.head().index()).isEqualTo(records.size());
  }

  @Test
  void engineOfOtherBehaviour_isShownWithBothForms() {
    List<EvidenceRecord> records = recording(5000);

    RecordDifference difference =
        difference(Replayer.run(HEADER, records, (header, log) -> new CountingEngine(log, 1)));

    // 99 inputs, 99 sums and 33 second sums come first, then the hundredth input
    assertThat(difference.index()).isEqualTo(99 + 99 + 33 + 1);
    assertThat(difference.describe(CountingEngine.CATALOG))
        .contains("record 232", "TEST_SUM: sum is 34650", "TEST_SUM: sum is 34651");
  }

  @Test
  void changedInputOrOutcome_isTheFirstDifference() {
    for (int at : new int[] {0, 1, 2, 700, 2332}) {
      List<EvidenceRecord> records = new ArrayList<>(recording(1000));
      records.set(at, changed(records.get(at), 999_999));

      assertThat(difference(replay(records)).index()).isEqualTo(at);
    }
  }

  @Test
  void recordingWithoutItsLastOutcome_showsWhatTheEngineAdds() {
    List<EvidenceRecord> records = recording(10);
    RecordDifference difference = difference(replay(records.subList(0, records.size() - 1)));

    assertThat(difference.expectedRecord()).isEmpty();
    assertThat(difference.index()).isEqualTo(records.size() - 1);
  }

  @Test
  void recordingWithAnOutcomeTooMany_showsWhatIsMissing() {
    List<EvidenceRecord> records = new ArrayList<>(recording(10));
    records.add(
        EvidenceRecord.of(records.size(), CountingEngine.SUM.wire(), new byte[] {1}, Hash256.ZERO));
    RecordDifference difference = difference(replay(records));

    assertThat(difference.foundRecord()).isEmpty();
    assertThat(difference.index()).isEqualTo(records.size() - 1);
    assertThat(difference.describe(RecordCatalog.empty())).contains("no record");
  }

  @Test
  void silentEngine_isCaughtWithoutReadingEverything() {
    List<EvidenceRecord> records = recording(100_000 / 3);
    int[] read = {0};
    Iterable<EvidenceRecord> counted = () -> records.stream().peek(r -> read[0]++).iterator();

    RecordDifference difference =
        difference(Replayer.run(HEADER, counted, (header, log) -> input -> {}));

    assertThat(difference.index()).isZero();
    assertThat(read[0]).isLessThan(3000);
  }

  @Test
  void snapshotAndTail_leadToTheSameHead() {
    List<EvidenceRecord> records = recording(99);
    int cut = (int) records.stream().limit(120).filter(r -> r.is(CountingEngine.ADD)).count();
    int at =
        records.indexOf(
            records.stream()
                .filter(r -> r.is(CountingEngine.ADD))
                .skip(cut)
                .findFirst()
                .orElseThrow());
    ChainPoint start = new ChainPoint(at, records.get(at - 1).hash());

    ReplayResult result =
        Replayer.run(
            HEADER,
            start,
            records.subList(at, records.size()),
            (header, log) -> restored(log, records.subList(0, at)));

    assertThat(result.requireSame().head().hash()).isEqualTo(records.get(98 + 99 + 33).hash());
  }

  /** An engine that went through {@code past}, which now writes to {@code log}. */
  private static Replayable restored(EvidenceLog log, List<EvidenceRecord> past) {
    EvidenceLog before = EvidenceLog.of(HEADER);
    CountingEngine earlier = new CountingEngine(before, 0);
    past.stream().filter(r -> r.is(CountingEngine.ADD)).forEach(earlier::replay);
    return input -> {
      long from = before.nextIndex();
      earlier.replay(input);
      before.recordsFrom(from).forEach(log::append);
    };
  }

  @Test
  void unknownInput_isATypedError() {
    List<EvidenceRecord> records = new ArrayList<>(recording(3));
    records.add(
        EvidenceRecord.of(records.size(), Runs.ENQUEUED.wire(), new byte[] {1}, Hash256.ZERO));

    assertThatExceptionOfType(EvidenceException.UnknownType.class)
        .isThrownBy(() -> replay(records))
        .satisfies(e -> assertThat(e.wire()).isEqualTo(Runs.ENQUEUED.wire()));
  }

  @Test
  void recordingWithAHole_isBroken() {
    List<EvidenceRecord> records = new ArrayList<>(recording(30));
    records.remove(17);

    assertThatExceptionOfType(EvidenceException.Broken.class)
        .isThrownBy(() -> replay(records))
        .satisfies(e -> assertThat(e.index()).isEqualTo(17));
  }

  @Test
  void comparison_hasThreeResults() {
    List<EvidenceRecord> records = recording(100);
    List<EvidenceRecord> other = new ArrayList<>(records);

    assertThat(ReplayComparison.of(records, other)).isEqualTo(new ReplayComparison.ExactMatch());
    assertThat(ReplayComparison.firstDifference(records, other)).isEmpty();
    for (int i = 0; i < 10; i++) {
      other.set(50 + 2 * i, changed(other.get(50 + 2 * i), -1));
      assertThat(ReplayComparison.of(records, other))
          .isEqualTo(new ReplayComparison.MinorDifference(i + 1));
    }
    other.set(200, changed(other.get(200), -1));
    assertThat(ReplayComparison.of(records, other)).isEqualTo(new ReplayComparison.Diverged(50));
    assertThat(ReplayComparison.firstDifference(records, other).orElseThrow().index())
        .isEqualTo(50);
    assertThat(ReplayComparison.of(records, other.subList(0, 210)))
        .isEqualTo(new ReplayComparison.Diverged(210));
    assertThat(ReplayComparison.of(List.of(), records)).isEqualTo(new ReplayComparison.Diverged(0));
    assertThatExceptionOfType(EvidenceException.NotExact.class)
        .isThrownBy(() -> ReplayComparison.of(records, other).requireExact());
  }
}
