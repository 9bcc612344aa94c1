package dev.stowage.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CanonicalCodecTest {
  private static String hex(CanonicalWriter writer) {
    return HexFormat.of().formatHex(writer.toBytes());
  }

  private static CanonicalReader reading(String hex) {
    return CanonicalReader.of(HexFormat.of().parseHex(hex));
  }

  @Test
  void numbers_areBigEndianBehindTheVersion() {
    CanonicalWriter writer =
        new CanonicalWriter().u8(0xAB).u16(0xCDEF).u32(0xFFFF_FFFEL).u64(0x8000_0000_0000_0001L);

    assertThat(hex(writer)).isEqualTo("01" + "ab" + "cdef" + "fffffffe" + "8000000000000001");
  }

  @Test
  void strings_areUtf8BehindTheirByteCount() {
    assertThat(hex(new CanonicalWriter().string("aé😀")))
        .isEqualTo("01" + "00000007" + "61c3a9f09f9880");
  }

  @Test
  void listsAndMaps_haveTheirCounts() {
    Map<String, Long> entries = new LinkedHashMap<>();
    entries.put("\uE000", 1L);
    entries.put("b", 2L);
    entries.put("😀", 3L);
    entries.put("a", 4L);
    CanonicalWriter writer =
        new CanonicalWriter()
            .list(List.of(1, 2), CanonicalWriter::u8)
            .map(entries, (out, value) -> out.u8(value.intValue()));

    assertThat(hex(writer))
        .isEqualTo(
            "01"
                + "000000020102"
                + "00000004"
                + "0000000161"
                + "04"
                + "0000000162"
                + "02"
                + "00000003ee8080"
                + "01"
                + "00000004f09f9880"
                + "03");
  }

  @Test
  void doubles_haveOneZeroAndNoNaN() {
    assertThat(hex(new CanonicalWriter().f64(-0.0))).isEqualTo("01" + "0000000000000000");
    assertThat(hex(new CanonicalWriter().f64(-1.5))).isEqualTo("01" + "bff8000000000000");
    assertThatIllegalArgumentException().isThrownBy(() -> new CanonicalWriter().f64(Double.NaN));
    assertMalformedAt(1, () -> reading("018000000000000000").f64());
    assertMalformedAt(1, () -> reading("017ff8000000000001").f64());
    assertMalformedAt(1, () -> reading("01fff0000000000001").f64());
  }

  @Property(seed = "1")
  void numbers_comeBack(
      @ForAll @IntRange(max = 0xFF) int u8,
      @ForAll @IntRange(max = 0xFFFF) int u16,
      @ForAll @LongRange(max = 0xFFFF_FFFFL) long u32,
      @ForAll long u64) {
    CanonicalReader reader =
        CanonicalReader.of(new CanonicalWriter().u8(u8).u16(u16).u32(u32).u64(u64).toBytes());

    assertThat(reader.u8()).isEqualTo(u8);
    assertThat(reader.u16()).isEqualTo(u16);
    assertThat(reader.u32()).isEqualTo(u32);
    assertThat(reader.u64()).isEqualTo(u64);
    assertThatNoException().isThrownBy(reader::end);
  }

  @Property(seed = "1")
  void valuesAroundTheSignBit_keepTheirUnsignedOrderAsBytes(
      @ForAll @LongRange(min = -1000, max = 1000) long left,
      @ForAll @LongRange(min = -1000, max = 1000) long right) {
    long a = Long.MIN_VALUE + left;
    long b = Long.MIN_VALUE + right;

    assertThat(
            Integer.signum(
                hex(new CanonicalWriter().u64(a)).compareTo(hex(new CanonicalWriter().u64(b)))))
        .isEqualTo(Integer.signum(Long.compareUnsigned(a, b)));
    assertThat(CanonicalReader.of(new CanonicalWriter().u64(a).toBytes()).u64()).isEqualTo(a);
  }

  @Property(seed = "1")
  void stringsAndDoubles_comeBack(
      @ForAll @CharRange(to = '\uD7FF') String text, @ForAll double number) {
    CanonicalReader reader =
        CanonicalReader.of(new CanonicalWriter().string(text).f64(number).toBytes());

    assertThat(reader.string()).isEqualTo(text);
    assertThat(reader.f64()).isEqualTo(number);
    reader.end();
  }

  @Property(seed = "1")
  void maps_areEqualBytesInWhateverOrderTheyCame(
      @ForAll @Size(max = 20) Map<Integer, Integer> numbers) {
    Map<String, Integer> forward = new LinkedHashMap<>();
    numbers.forEach((key, value) -> forward.put("k" + key, value & 0xFF));
    Map<String, Integer> backward = new LinkedHashMap<>();
    forward.keySet().stream()
        .sorted((a, b) -> b.compareTo(a))
        .forEach(key -> backward.put(key, forward.getOrDefault(key, 0)));

    byte[] bytes = new CanonicalWriter().map(forward, CanonicalWriter::u8).toBytes();
    assertThat(new CanonicalWriter().map(backward, CanonicalWriter::u8).toBytes()).isEqualTo(bytes);
    assertThat(CanonicalReader.of(bytes).map(CanonicalReader::u8)).isEqualTo(forward);
  }

  @Property(seed = "1")
  void hostileBytes_areRefusedAsMalformedAndNothingElse(@ForAll @Size(max = 64) byte[] noise) {
    byte[] message = new byte[noise.length + 1];
    message[0] = CanonicalWriter.VERSION;
    System.arraycopy(noise, 0, message, 1, noise.length);

    readOrRefuse(message, CanonicalReader::string);
    readOrRefuse(message, CanonicalReader::bytes);
    readOrRefuse(message, reader -> reader.map(CanonicalReader::u8));
    readOrRefuse(message, CanonicalReader::hash);
    readOrRefuse(message, CanonicalReader::f64);
  }

  private static void readOrRefuse(byte[] message, Function<CanonicalReader, ?> read) {
    CanonicalReader reader = CanonicalReader.of(message);
    try {
      assertThat(read.apply(reader)).isNotNull();
      reader.end();
    } catch (EvidenceException.Malformed e) {
      assertThat(e.offset()).isBetween(0L, (long) message.length);
    }
  }

  @Test
  void hugeCounts_areRefusedBeforeAnythingIsAllocated() {
    assertMalformedAt(1, () -> reading("01ffffffff").bytes());
    assertMalformedAt(1, () -> reading("017fffffff00").string());
    assertMalformedAt(1, () -> reading("01ffffffff0000").count(1));
    assertMalformedAt(1, () -> reading("014000000000000000").map(CanonicalReader::u8));
    assertMalformedAt(1, () -> reading("0100000002" + "00".repeat(15)).count(8));
    assertThat(reading("0100000002" + "00".repeat(16)).count(8)).isEqualTo(2);
  }

  @Test
  void malformedInput_namesTheByte() {
    assertMalformedAt(0, () -> reading("02"));
    assertMalformedAt(0, () -> reading(""));
    assertMalformedAt(1, () -> reading("0102").flag());
    assertMalformedAt(1, () -> reading("0100000002c080").string());
    assertMalformedAt(1, () -> reading("0100000003eda080").string());
    assertMalformedAt(1, () -> reading("0100").end());
    assertMalformedAt(10, () -> reading("0100000002" + "0000000162" + "0000000161").map(r -> 0));
    assertMalformedAt(10, () -> reading("0100000002" + "0000000161" + "0000000161").map(r -> 0));
  }

  @Test
  void valuesOutOfRange_areRefusedWithTheirBound() {
    CanonicalWriter writer = new CanonicalWriter();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.u8(256))
        .withMessageContaining("255");
    assertThatIllegalArgumentException().isThrownBy(() -> writer.u8(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.u16(0x10000));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.u32(0x1_0000_0000L));
    assertThatIllegalArgumentException().isThrownBy(() -> writer.string("\uD800"));
    assertThat(writer.length()).as("a refused value leaves no byte behind").isEqualTo(1);
  }

  private static void assertMalformedAt(long offset, ThrowingCallable read) {
    assertThatExceptionOfType(EvidenceException.Malformed.class)
        .isThrownBy(read)
        .satisfies(e -> assertThat(e.offset()).isEqualTo(offset));
  }
}
