package dev.stowage.evidence.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The shell around a part, with a queue of numbers for a part. */
class RecordedTest {
  sealed interface Input {}

  sealed interface Outcome {}

  record Put(long number, List<String> about) implements Input {
    static final Shape<Put> SHAPE =
        Shape.of(
            "put",
            row -> {
              var number = row.number("number", Put::number).subject();
              var about =
                  row.list("about", Put::about, Forms.TEXT).orElse(List.of()).subject("word");
              return v -> new Put(number.of(v), about.of(v));
            });
  }

  record Asked(long most) implements Input {
    static final Shape<Asked> SHAPE =
        Shape.of(
            "asked",
            row -> {
              var most = row.number("most", Asked::most);
              return v -> new Asked(most.of(v));
            });
  }

  record Taken(long number, boolean last) implements Outcome {
    static final Shape<Taken> SHAPE =
        Shape.of(
            "taken",
            row -> {
              var number = row.number("number", Taken::number).orElse(0);
              var last = row.flag("last", Taken::last);
              return v -> new Taken(number.of(v), last.of(v));
            });
  }

  private static final Records<Input, Outcome> RECORDS =
      Records.of(Input.class, Outcome.class)
          .input(1, Put.class, Put.SHAPE)
          .question(2, Asked.class, Asked.SHAPE)
          .outcome(3, Taken.class, Taken.SHAPE)
          .build();

  private final EvidenceLog log = EvidenceLog.of(EvidenceHeader.of("test", Hash256.ZERO, 0));

  private static Recorded<Input, Outcome> queue(@Nullable EvidenceLog into) {
    ArrayDeque<Long> numbers = new ArrayDeque<>();
    return new Recorded<>(
        into,
        RECORDS,
        (input, to) -> {
          if (input instanceof Put put) {
            numbers.add(put.number());
          } else if (input instanceof Asked asked) {
            for (long taken = 0; taken < asked.most() && !numbers.isEmpty(); taken++) {
              to.accept(new Taken(numbers.remove(), numbers.isEmpty()));
            }
          }
        });
  }

  private List<String> written() {
    return explained().stream().map(it -> it.type().name() + ": " + it.text()).toList();
  }

  private List<Explained> explained() {
    List<Explained> explained = new ArrayList<>();
    log.records().forEach(record -> explained.add(RECORDS.catalog().explain(record)));
    return explained;
  }

  @Test
  void input_andItsOutcomes_areWrittenInOrder() {
    Recorded<Input, Outcome> queue = queue(log);
    queue.apply(new Put(7, List.of()));
    queue.apply(new Put(8, List.of("b")));
    assertThat(queue.answer(new Asked(5))).isEqualTo(new Taken(8, true));
    assertThat(written())
        .containsExactly(
            "PUT: number 7",
            "PUT: number 8, about b",
            "ASKED: most 5",
            "TAKEN: number 7",
            "TAKEN: number 8, last true");
  }

  @Test
  void question_withoutAnOutcome_isNotWritten() {
    Recorded<Input, Outcome> queue = queue(log);
    queue.apply(new Asked(5));
    queue.apply(new Put(0, List.of()));
    queue.apply(new Asked(0));
    queue.apply(new Asked(1));
    assertThat(written()).containsExactly("PUT: number 0", "ASKED: most 1", "TAKEN: last true");
  }

  @Test
  void record_ofNothingButDefaults_isToldInFull() {
    Recorded<Input, Outcome> queue = queue(log);
    queue.apply(new Put(0, List.of()));
    queue.apply(new Put(1, List.of()));
    queue.apply(new Asked(1));
    assertThat(written()).last().isEqualTo("TAKEN: number 0, last false");
  }

  @Test
  void subjects_areThoseOfTheFields_andOfEachElement() {
    queue(log).apply(new Put(-1, List.of("a", "b")));
    assertThat(explained().get(0).subjects())
        .containsExactly(
            new Subject("number", "18446744073709551615"),
            new Subject("word", "a"),
            new Subject("word", "b"));
  }

  @Test
  void recording_isReplayed() {
    Recorded<Input, Outcome> queue = queue(log);
    queue.apply(new Put(1, List.of("a")));
    queue.apply(new Asked(1));
    queue.apply(new Asked(1));
    assertThat(
            Replayer.run(log.header(), log.records(), (header, again) -> queue(again))
                .requireSame()
                .outcomes())
        .isEqualTo(1);
  }

  @Test
  void record_thatIsNoInput_isRefused() {
    Recorded<Input, Outcome> queue = queue(null);
    byte[] none = new CanonicalWriter().toBytes();
    for (RecordType type : List.of(RecordType.input(9, "X"), RecordType.outcome(3, "TAKEN"))) {
      EvidenceRecord record = EvidenceRecord.of(0, type.wire(), none, Hash256.ZERO);
      assertThatThrownBy(() -> queue.replay(record))
          .isInstanceOf(EvidenceException.UnknownType.class);
    }
    EvidenceRecord damaged = EvidenceRecord.of(0, 1, none, Hash256.ZERO);
    assertThatThrownBy(() -> queue.replay(damaged)).isInstanceOf(EvidenceException.Malformed.class);
  }

  @Test
  void number_declaredTwice_isRefused() {
    Records.Builder<Input, Outcome> records =
        Records.of(Input.class, Outcome.class).input(1, Put.class, Put.SHAPE);
    assertThatThrownBy(() -> records.input(1, Asked.class, Asked.SHAPE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("declared twice");
  }
}
