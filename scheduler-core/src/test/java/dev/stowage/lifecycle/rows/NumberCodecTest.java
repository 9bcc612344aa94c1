package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists of numbers come back, and what nobody writes is refused, whatever it announces. */
class NumberCodecTest {
  private static final long RUNS = 0xFFFF_FFFFL;

  @Test
  void fewNumbers_haveTheBytesTheyAlwaysHad() {
    CanonicalWriter out = new CanonicalWriter();
    NumberCodec.write(out, List.of(new ChunkNumber(Lineage.of(3), 9)));
    CanonicalWriter before = new CanonicalWriter().u32(1).u64(3).u64(9);
    assertThat(out.toBytes()).isEqualTo(before.toBytes());
  }

  @Test
  void manyThatAscend_areWrittenAsRuns_andComeBack() {
    List<ChunkNumber> numbers = ascending(2 * ChunkNumbers.MANY);
    CanonicalWriter out = new CanonicalWriter();
    NumberCodec.write(out, numbers);
    assertThat(out.length()).isLessThan(100);
    assertThat(read(out)).isEqualTo(numbers);
  }

  @Test
  void many_asTheyWereWrittenBeforeThereWereRuns_areRead() {
    List<ChunkNumber> numbers = ascending(ChunkNumbers.MANY);
    CanonicalWriter out = new CanonicalWriter();
    out.list(numbers, (to, each) -> to.u64(each.lineage().token()).u64(each.counter()));
    assertThat(read(out)).isEqualTo(numbers);
  }

  @Test
  void runOfAllNumbersThereAre_isReadWithoutRoomForThem() {
    CanonicalWriter out = new CanonicalWriter().u32(RUNS).u32(1).u64(7).u32(1);
    assertThat(read(out.u64(1).u32(Integer.MAX_VALUE))).hasSize(Integer.MAX_VALUE);
  }

  @Test
  void runs_thatNobodyWrites_areRefused() {
    List<CanonicalWriter> wrong = new ArrayList<>();
    wrong.add(runs(1).u64(7).u32(2).u64(1).u32(70_000).u64(70_001).u32(1));
    wrong.add(runs(1).u64(7).u32(2).u64(90_000).u32(70_000).u64(1).u32(1));
    wrong.add(runs(1).u64(7).u32(1).u64(1).u32(5));
    wrong.add(runs(1).u64(7).u32(1).u64(0).u32(70_000));
    wrong.add(runs(1).u64(7).u32(1).u64(1).u32(0));
    wrong.add(runs(1).u64(7).u32(1).u64(1).u32(0xFFFF_FFFFL));
    wrong.add(runs(2).u64(7).u32(1).u64(1).u32(70_000).u64(7).u32(1).u64(80_000).u32(9));
    wrong.add(runs(2).u64(7).u32(1).u64(1).u32(70_000).u64(8).u32(0).u64(0).u64(0));
    wrong.add(runs(1_000_000).u64(7));
    wrong.add(new CanonicalWriter().u32(0xFFFF_FFFEL).u64(7));
    for (CanonicalWriter each : wrong) {
      assertThatThrownBy(() -> read(each)).isInstanceOf(RuntimeException.class);
    }
  }

  private static CanonicalWriter runs(int lineages) {
    return new CanonicalWriter().u32(RUNS).u32(lineages);
  }

  private static List<ChunkNumber> read(CanonicalWriter out) {
    return NumberCodec.read(CanonicalReader.of(out.toBytes()));
  }

  private static List<ChunkNumber> ascending(int count) {
    List<ChunkNumber> numbers = new ArrayList<>();
    for (int at = 1; at <= count; at++) {
      numbers.add(new ChunkNumber(Lineage.of(at > count / 2 ? 9 : -9), at));
    }
    return numbers;
  }
}
