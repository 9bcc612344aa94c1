package dev.stowage.evidence.numbers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.Lineage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Lists of numbers come back, and what nobody writes is refused, whatever it announces. */
class NumberCodecTest {
  private static final long PACKED = 0xFFFF_FFFFL;

  @Test
  void fewNumbers_areAList() {
    CanonicalWriter out = new CanonicalWriter();
    NumberCodec.write(out, List.of(new ChunkNumber(Lineage.of(3), 9)));
    CanonicalWriter before = new CanonicalWriter().u32(1).u64(3).u64(9);
    assertThat(out.toBytes()).isEqualTo(before.toBytes());
  }

  @Test
  void manyThatAscend_arePacked_andComeBack() {
    List<ChunkNumber> numbers = ascending(2 * ChunkNumbers.MANY);
    CanonicalWriter out = new CanonicalWriter();
    NumberCodec.write(out, numbers);
    assertThat(out.length()).isLessThan(100);
    assertThat(read(out)).isEqualTo(numbers);
  }

  @Test
  void form_thatTheListDoesNotHave_isRefused() {
    CanonicalWriter list = new CanonicalWriter();
    list.list(
        ascending(ChunkNumbers.MANY),
        (to, each) -> to.u64(each.lineage().token()).u64(each.counter()));
    assertThatThrownBy(() -> read(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are not packed");
    CanonicalWriter packed = new CanonicalWriter().u32(PACKED).u32(1).u64(7).u32(1).u8(0);
    assertThatThrownBy(() -> read(packed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 numbers are packed");
  }

  @Test
  void count_thatIsNone_isRefused() {
    CanonicalWriter out = new CanonicalWriter().u32(PACKED - 1).u64(7);
    assertThatThrownBy(() -> read(out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("are announced");
  }

  @Property(seed = "1")
  void packedNumbers_comeBack_inFewBytes(@ForAll long seed) {
    Random random = new Random(seed);
    ChunkNumbers.Builder drawn = new ChunkNumbers.Builder();
    for (long lineage = -2; lineage < random.nextInt(4); lineage++) {
      long from = 1;
      for (int run = random.nextInt(200); run > 0; run--) {
        from += 1 + random.nextInt(1 << random.nextInt(20));
        int length = random.nextBoolean() ? 1 : 1 + random.nextInt(300);
        drawn.add(lineage, from, length);
        from += length;
      }
      drawn.add(lineage, Long.MAX_VALUE, 1);
    }
    ChunkNumbers numbers = drawn.build();
    CanonicalWriter out = new CanonicalWriter();
    NumberCodec.writePacked(out, numbers);
    CanonicalReader in = CanonicalReader.of(out.toBytes());
    assertThat(NumberCodec.readPacked(in)).isEqualTo(numbers);
    in.end();
    assertThat(out.length()).isLessThan(30 + 80 + 6 * numbers.runs());
  }

  @Test
  void packedNumbers_thatNobodyWrites_areRefused() {
    List<CanonicalWriter> wrong = new ArrayList<>();
    wrong.add(packed(1).u64(7).u32(0).u64(0));
    wrong.add(packed(1_000_000).u64(7).u32(1).u8(0));
    wrong.add(packed(1).u64(7).u32(2_000_000).u8(0));
    wrong.add(packed(1).u64(7).u32(2).u8(0).u8(0));
    wrong.add(packed(1).u64(7).u32(1).u8(0x80).u8(0));
    wrong.add(packed(1).u64(7).u32(1).u8(1).u8(0xFF).u8(0xFF).u8(0xFF).u8(0xFF).u8(0x7F));
    wrong.add(packed(2).u64(7).u32(1).u8(0).u64(7).u32(1).u8(4));
    wrong.add(packed(1).u64(7).u32(1).u64(-1).u8(0xFF).u8(2));
    for (CanonicalWriter each : wrong) {
      assertThatThrownBy(() -> NumberCodec.readPacked(CanonicalReader.of(each.toBytes())))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void form_dependsOnHowManyThereAre() {
    int few = ChunkNumbers.MANY - 1;
    CanonicalWriter list = new CanonicalWriter();
    NumberCodec.write(list, ChunkNumbers.of(ascending(few)));
    assertThat(CanonicalReader.of(list.toBytes()).u32()).isEqualTo(few);
    CanonicalWriter packed = new CanonicalWriter();
    NumberCodec.write(packed, ChunkNumbers.of(ascending(ChunkNumbers.MANY)));
    assertThat(CanonicalReader.of(packed.toBytes()).u32()).isEqualTo(PACKED);
  }

  @Test
  void moreNumbersThanThereAreBytesFor_areRefusedBeforeRoomIsMadeForThem() {
    CanonicalWriter out = new CanonicalWriter().u32(2).u64(7).u64(1).u64(7);
    assertThatThrownBy(() -> read(out))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 numbers are announced; 24 bytes are left");
  }

  /** 2 less than its length is written: 0x7FFFFFFD, and one more for what no list can have. */
  @Test
  void longestPackedRun_isAsLongAsAListCanBe() {
    CanonicalWriter longest = packed(1).u64(7).u32(1).u8(1).u8(0xFD).u8(0xFF).u8(0xFF).u8(0xFF);
    CanonicalReader in = CanonicalReader.of(longest.u8(7).toBytes());
    assertThat(NumberCodec.readPacked(in)).hasSize(Integer.MAX_VALUE);
    CanonicalWriter longer = packed(1).u64(7).u32(1).u8(1).u8(0xFE).u8(0xFF).u8(0xFF).u8(0xFF);
    CanonicalReader beyond = CanonicalReader.of(longer.u8(7).toBytes());
    assertThatThrownBy(() -> NumberCodec.readPacked(beyond))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a run is longer than a list can be");
  }

  private static CanonicalWriter packed(int lineages) {
    return new CanonicalWriter().u32(lineages);
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
