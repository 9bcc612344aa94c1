package dev.stowage.lifecycle.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.SmallWorld;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tests documents exactly on a bound of the two formats, and the place that a refusal names. */
class DocumentEdgesTest {
  private static final Lineage LINEAGE = Lineage.of(0xa7);

  private static BinaryReader binary(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return new BinaryReader(bytes);
  }

  private static void expectRefused(
      BinaryReader in, Consumer<BinaryReader> reading, String message) {
    assertThatThrownBy(() -> reading.accept(in))
        .isInstanceOf(DocumentException.Malformed.class)
        .hasMessage(message);
  }

  private static void expectJsonRefused(
      String json, Function<JsonReader, ?> reading, String message) {
    assertThatThrownBy(() -> reading.apply(json(json)))
        .isInstanceOf(DocumentException.Malformed.class)
        .hasMessage(message);
  }

  private static JsonReader json(String text) {
    return new JsonReader(text.getBytes(StandardCharsets.UTF_8));
  }

  // --- the binary form

  @Test
  void flag_isNothingButZeroOrOne() {
    BinaryReader in = binary(0, 1, 2);
    assertThat(in.flag("", false)).isFalse();
    assertThat(in.flag("", false)).isTrue();
    expectRefused(in, it -> it.flag("", false), "byte 2: a flag is 2; 0 or 1 is expected");
  }

  @Test
  void kind_thatNobodyAskedFor_isNamedByItsPlace() {
    BinaryReader in = binary('S', 'T', 'W', 'A', 1, 9);
    assertThatThrownBy(() -> in.begin(Fields.Kind.SLICE, false))
        .isInstanceOf(DocumentException.Unsupported.class)
        .hasMessage("byte 5: a document of kind 9; 1 or 2 was asked for");
  }

  @Test
  void eightBytes_areEnoughForALong_andSevenAreNot() {
    assertThat(binary(0, 0, 0, 0, 0, 0, 1, 2).u64()).isEqualTo(258);
    expectRefused(
        binary(0, 0, 0, 0, 0, 0, 1),
        BinaryReader::u64,
        "byte 7: 8 bytes are expected from byte 0, but the document ends here");
  }

  @Test
  void count_isHeldAgainstTheBytesThatAreLeft() {
    assertThat(binary(2, 0, 0, 0, 0).count(2)).isEqualTo(2);
    assertThat(binary(2, 0, 0, 0, 0, 0).count(2)).isEqualTo(2);
    expectRefused(
        binary(3, 0, 0, 0, 0, 0),
        in -> in.count(2),
        "byte 0: 3 entries are announced and 5 bytes are left");
  }

  @Test
  void text_mayEndWithTheDocument() {
    assertThat(binary(2, 'h', 'i').text("", "")).isEqualTo("hi");
    expectRefused(
        binary(3, 'h', 'i'),
        it -> it.text("", ""),
        "byte 0: 3 bytes of text are announced and 2 are left");
  }

  @Test
  void bytesLeftOver_areCounted() {
    BinaryReader in = binary(1, 7, 7);
    in.flag("", false);
    expectRefused(in, BinaryReader::end, "byte 1: 2 bytes are left over");
  }

  @Test
  void place_isOneOfTheTable_inAsManyBytesAsItNeeds() {
    assertThat(binary().place(1, new BitSet())).isZero();
    assertThat(binary(1).place(2, new BitSet())).isEqualTo(1);
    assertThat(binary(1, 43).place(300, new BitSet())).isEqualTo(299);
    assertThat(binary(0, 1, 0, 0).place(70_000, new BitSet())).isEqualTo(65_536);
    expectRefused(
        binary(1, 44),
        in -> in.place(300, new BitSet()),
        "byte 0: place 300 is beyond a table of 300 entries");
  }

  @Test
  void tables_nameNothingTwice() {
    expectRefused(
        binary(0, 2, 1, 'a', 1, 'a'),
        BinaryReader::tables,
        "byte 4: the table of workers names a after a; it must be greater");
    expectRefused(
        binary(2, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 5),
        BinaryReader::tables,
        "byte 9: the table of lineages names 0000000000000005 after 0000000000000005; it must be"
            + " greater");
    assertThat(numbers(binary(1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 4, 5))).hasSize(2);
    expectRefused(
        binary(1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 4, 4),
        DocumentEdgesTest::numbers,
        "byte 12: keep names 0000000000000005-4 after 0000000000000005-4; it must be greater");
  }

  /** Tables, then a list of chunk numbers. */
  private static List<ChunkNumber> numbers(BinaryReader in) {
    in.tables();
    return in.list(
        "keep",
        0,
        List.of(),
        Fields.Row.NUMBER,
        () -> new Ascending<>("keep", BinaryLayout.NUMBERS));
  }

  @Test
  void widths_changeBehindTheirBounds() {
    int[] entries = {0, 1, 2, 256, 257, 65_536, 65_537};
    assertThat(Arrays.stream(entries).map(BinaryLayout::width))
        .containsExactly(0, 0, 1, 1, 2, 2, 4);
  }

  @Test
  void bytesOfAText_areThoseOfUtf8() {
    for (String text :
        List.of("", "\u007f", "\u0080", "\u07ff", "\u0800", "\uffff", "a\ud83d\ude00")) {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      assertThat(BinaryLayout.stringBytes(text)).as(text).isEqualTo(bytes + 1);
    }
    assertThat(BinaryLayout.stringBytes("x".repeat(127))).isEqualTo(128);
    assertThat(BinaryLayout.stringBytes("x".repeat(128))).isEqualTo(130);
  }

  private static Route route(String dataset, String id, long first, long counter, String... on) {
    return new Route(
        ChunkKey.of(dataset, id),
        BlockRange.of(first, first + 9),
        new ChunkNumber(LINEAGE, counter),
        100,
        Arrays.stream(on).map(WorkerId::of).toList());
  }

  private static byte[] routes(List<ChunkKey> removed, Route... put) {
    return DocumentFormat.BINARY.toBytes(
        new RoutesDocument(
            LINEAGE,
            PortalAssignmentId.of(8),
            Optional.of(PortalAssignmentId.of(7)),
            removed,
            List.of(put)));
  }

  /** The document with every byte of one value replaced; there is exactly one. */
  private static byte[] patched(byte[] document, int from, int to) {
    int places = 0;
    for (int i = 0; i < document.length; i++) {
      if (document[i] == (byte) from) {
        document[i] = (byte) to;
        places++;
      }
    }
    assertThat(places).isEqualTo(1);
    return document;
  }

  private static void expectNoRoutes(byte[] document, String message) {
    assertThatThrownBy(() -> DocumentFormat.BINARY.readRoutes(document))
        .isInstanceOf(DocumentException.Malformed.class)
        .hasMessageContaining(message);
  }

  @Test
  void lastBlockOfAll_isTheLast() {
    Route last =
        new Route(
            ChunkKey.of("d", "p"),
            BlockRange.of(0x55, Long.MAX_VALUE),
            new ChunkNumber(LINEAGE, 1),
            1,
            List.of());
    byte[] document = routes(List.of(), last);
    assertThat(DocumentFormat.BINARY.readRoutes(document).put()).containsExactly(last);
    expectNoRoutes(patched(document, 0x55, 0x56), "a range ends beyond block " + Long.MAX_VALUE);
  }

  /** A document whose tables have more than what it refers to. */
  private static void expectUnused(Consumer<DocumentTables> more) {
    SliceDocument slice = new RandomDocuments(3).slice();
    DocumentTables tables = DocumentTables.of(slice::fields);
    more.accept(tables);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteOutput out = new ByteOutput(bytes);
    slice.fields(new BinaryWriter(out, tables));
    out.flush();
    assertThatThrownBy(() -> DocumentFormat.BINARY.readSlice(bytes.toByteArray()))
        .isInstanceOf(DocumentException.Malformed.class)
        .hasMessageEndingWith("a table has an entry that nothing refers to");
  }

  @Test
  void tables_haveNothingThatTheDocumentDoesNotUse() {
    expectUnused(tables -> tables.place(LINEAGE));
    expectUnused(tables -> tables.place("unused"));
  }

  // --- sizes that are foretold

  @Test
  void sizeOfADelta_isThatOfItsBytes_whateverIsRemoved() {
    List<ChunkKey> removed =
        List.of(ChunkKey.of("d", "one"), ChunkKey.of("d", "two"), ChunkKey.of("other", "three"));
    RoutesDocument portal =
        new RoutesDocument(
            LINEAGE,
            PortalAssignmentId.of(301),
            Optional.of(PortalAssignmentId.of(300)),
            removed,
            List.of(route("d", "p", 1 << 20, 1, "a", "b"), route("e", "q", 0, 200, "b")));
    assertThat(portal.documentBytes()).isEqualTo(DocumentFormat.BINARY.toBytes(portal).length);
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.schedule();
    WorkerSlice slice = world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow();
    List<ChunkNumber> gone =
        List.of(new ChunkNumber(Lineage.of(3), 70_000), new ChunkNumber(Lineage.of(7), 300));
    for (Optional<WorkerAssignmentId> from :
        List.of(Optional.<WorkerAssignmentId>empty(), Optional.of(WorkerAssignmentId.of(1_000)))) {
      SliceDocument delta =
          SliceDocument.sorted(
              slice.header().since(from),
              slice.keep(),
              from.isPresent() ? gone : List.of(),
              slice.entries());
      assertThat(delta.documentBytes()).isEqualTo(DocumentFormat.BINARY.toBytes(delta).length);
    }
  }

  // --- pieces

  /** Notes how long each piece was. */
  private static final class Pieces extends OutputStream {
    private final List<Integer> lengths = new ArrayList<>();
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    @Override
    public void write(int octet) {
      lengths.add(1);
      all.write(octet);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      lengths.add(length);
      all.write(bytes, from, length);
    }
  }

  @Test
  void pieces_arePassedOnWhenTheyAreFull_andNotBefore() throws IOException {
    Pieces pieces = new Pieces();
    ByteOutput out = new ByteOutput(pieces);
    int piece = 1 << 14;
    for (int i = 0; i < piece; i++) {
      out.put(1);
    }
    assertThat(pieces.lengths).isEmpty();
    out.put(2);
    assertThat(pieces.lengths).containsExactly(piece);
    out.put(new byte[piece - 1]);
    assertThat(pieces.lengths).containsExactly(piece);
    out.put(new byte[2]);
    assertThat(pieces.lengths).containsExactly(piece, piece);
    out.put(new byte[piece]);
    assertThat(pieces.lengths).containsExactly(piece, piece, 2);
    out.put(new byte[piece + 1]);
    assertThat(pieces.lengths).containsExactly(piece, piece, 2, piece, piece + 1);
    assertThat(pieces.all.size()).isEqualTo(4 * piece + 3);
    assertThat(pieces.all.toByteArray()[piece]).isEqualTo((byte) 2);
  }

  @Test
  void documents_writtenToAStream_areTheirBytes() throws IOException {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    world.settle();
    PortalAssignment portals = world.state.portalAssignment();
    RoutesDocument routes = portals.full();
    SliceDocument slice =
        SliceDocument.of(world.state.workerAssignment().slice(WorkerId.of("a")).orElseThrow());
    for (DocumentFormat format : DocumentFormat.values()) {
      ByteArrayOutputStream assignment = new ByteArrayOutputStream();
      format.write(portals, assignment);
      assertThat(assignment.toByteArray()).isEqualTo(format.toBytes(routes));
      ByteArrayOutputStream document = new ByteArrayOutputStream();
      format.write(routes, document);
      assertThat(document.toByteArray()).isEqualTo(format.toBytes(routes));
      ByteArrayOutputStream worker = new ByteArrayOutputStream();
      format.write(slice, worker);
      assertThat(worker.toByteArray()).isEqualTo(format.toBytes(slice));
    }
  }

  // --- JSON

  @Test
  void whatIsFound_isNamedReadably() {
    expectJsonRefused(
        "", in -> in.flag("", false), "byte 0: true or false is expected, found the end");
    expectJsonRefused(
        " !", in -> in.flag("", false), "byte 1: true or false is expected, found '!'");
    expectJsonRefused(
        "~", in -> in.flag("", false), "byte 0: true or false is expected, found '~'");
    expectJsonRefused(
        "\u007f", in -> in.flag("", false), "byte 0: true or false is expected, found byte 127");
    expectJsonRefused(
        "\u0001", in -> in.flag("", false), "byte 0: true or false is expected, found byte 1");
    expectJsonRefused(
        "é", in -> in.flag("", false), "byte 0: true or false is expected, found byte 195");
    expectJsonRefused("x", in -> in.text("", ""), "byte 0: a text is expected, found 'x'");
    expectJsonRefused(
        "-", in -> in.number("", 0), "byte 0: a whole number of at least 0 is expected, found '-'");
  }

  @Test
  void flag_mayEndTheDocument() {
    assertThat(json("true").flag("", false)).isTrue();
    assertThat(json("false").flag("", false)).isFalse();
    expectJsonRefused(
        "tru", in -> in.flag("", false), "byte 0: true or false is expected, found 't'");
    JsonReader more = json("true  ,,");
    more.flag("", false);
    assertThatThrownBy(() -> more.expectEnd(more.offset()))
        .hasMessage("byte 6: 2 bytes are left over");
  }

  @Test
  void text_holdsBlanksAndEscapes_andNoControlCharacters() {
    assertThat(json("\" \"").text("", "")).isEqualTo(" ");
    assertThat(json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"").text("", "")).isEqualTo("\"\\/\b\f\n\r\t");
    assertThat(json("\"\\u00e9\\u0041\\uD83D\\ude00z\"").text("", "")).isEqualTo("éA\ud83d\ude00z");
    assertThat(json("\"\\u0000\"").text("", "")).isEqualTo("\0");
    expectJsonRefused("\"\u001f\"", in -> in.text("", ""), "byte 1: a control character in a text");
  }

  @Test
  void escapes_thatJsonDoesNotHave_areRefused() {
    String refused = "byte 2: an escape that JSON does not have";
    for (String escape : List.of("\\x", "\\u12", "\\u123", "\\u12g4", "\\", "\\U0041")) {
      expectJsonRefused("\"a" + escape, in -> in.text("", ""), refused);
    }
    expectJsonRefused("\"a\\\0\"", in -> in.text("", ""), refused);
    expectJsonRefused("\"\\u0041", in -> in.text("", ""), "byte 7: a text does not end");
  }
}
