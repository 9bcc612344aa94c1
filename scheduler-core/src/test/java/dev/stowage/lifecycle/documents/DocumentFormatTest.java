package dev.stowage.lifecycle.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.Lineage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Documents come back from their bytes as they were; nothing else passes for one. */
public class DocumentFormatTest {
  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void document_writtenAndRead_isTheSame(@ForAll long seed) {
    SliceDocument slice = new RandomDocuments(seed).slice();
    RoutesDocument routes = new RandomDocuments(seed).routes();
    for (DocumentFormat format : DocumentFormat.values()) {
      assertThat(format.readSlice(format.toBytes(slice))).isEqualTo(slice);
      assertThat(format.readRoutes(format.toBytes(routes))).isEqualTo(routes);
    }
  }

  /** Sizes, bytes and JSON are three readings of one declaration. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void sizeBytesAndJson_areOfTheSameDocument(@ForAll long seed) {
    SliceDocument slice = new RandomDocuments(seed).slice();
    byte[] bytes = DocumentFormat.BINARY.toBytes(slice);
    assertThat(DocumentTables.of(slice::fields).size()).isEqualTo(bytes.length);
    assertThat(DocumentFormat.JSON.readSlice(DocumentFormat.JSON.toBytes(slice)))
        .isEqualTo(DocumentFormat.BINARY.readSlice(bytes));
    RoutesDocument routes = new RandomDocuments(seed).routes();
    byte[] more = DocumentFormat.BINARY.toBytes(routes);
    assertThat(DocumentTables.of(routes.source()::fields).size()).isEqualTo(more.length);
    assertThat(DocumentFormat.JSON.readRoutes(DocumentFormat.JSON.toBytes(routes)))
        .isEqualTo(DocumentFormat.BINARY.readRoutes(more));
  }

  /** Tests that rows summed up page by page count like the rows of their document. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void rowsSummedUpApart_areCountedAsThoseThatAreNamed(@ForAll long seed) {
    SliceDocument slice = new RandomDocuments(seed).slice();
    EntryTotals apart = new EntryTotals();
    List<Lineage> lineages = new ArrayList<>();
    List<String> datasets = new ArrayList<>();
    for (SliceEntry entry : slice.put()) {
      EntryTotals one = new EntryTotals();
      SliceEntry.ROW.fields().name(one, entry);
      one.lineages.set(place(lineages, entry.number().lineage()));
      one.names.set(place(datasets, entry.key().dataset().value()));
      apart.add(one);
    }
    DocumentTables rest =
        DocumentTables.of(to ->
            SliceDocument.fields(
                to, slice.header(), slice.keep(), slice.removed(), slice.put().size(), List.of()));
    assertThat(rest.with(apart, lineages::get, datasets::get).size())
        .isEqualTo(DocumentFormat.BINARY.toBytes(slice).length);
  }

  private static <T> int place(List<T> table, T value) {
    if (!table.contains(value)) {
      table.add(value);
    }
    return table.indexOf(value);
  }

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void document_cutOffOrWithMore_isRefused(@ForAll long seed) {
    RandomDocuments random = new RandomDocuments(seed);
    for (DocumentFormat format : DocumentFormat.values()) {
      expectWholeOnly(format.toBytes(random.slice()), format::readSlice, seed);
      expectWholeOnly(format.toBytes(random.routes()), format::readRoutes, seed);
    }
  }

  private static void expectWholeOnly(byte[] bytes, Function<byte[], ?> read, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 60; i++) {
      int length = i < 20 ? Math.min(i, bytes.length - 1) : random.nextInt(bytes.length);
      assertThatThrownBy(() -> read.apply(Arrays.copyOf(bytes, length)))
          .isInstanceOfSatisfying(
              DocumentException.class,
              refused -> assertThat(refused.offset()).isBetween(0L, (long) length));
    }
    assertThatThrownBy(() -> read.apply(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOfSatisfying(
            DocumentException.Malformed.class,
            refused -> assertThat(refused.offset()).isEqualTo(bytes.length));
  }

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void brokenBytes_areRefused_orAreAnotherDocument(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RandomDocuments documents = new RandomDocuments(seed);
    byte[] slice = broken(DocumentFormat.BINARY.toBytes(documents.slice()), random);
    byte[] routes = broken(DocumentFormat.BINARY.toBytes(documents.routes()), random);
    try {
      SliceDocument read = DocumentFormat.BINARY.readSlice(slice);
      assertThat(DocumentFormat.BINARY.toBytes(read)).isEqualTo(slice);
    } catch (DocumentException refused) {
      assertThat(refused.offset()).isBetween(0L, (long) slice.length);
    }
    try {
      RoutesDocument read = DocumentFormat.BINARY.readRoutes(routes);
      assertThat(DocumentFormat.BINARY.toBytes(read)).isEqualTo(routes);
    } catch (DocumentException refused) {
      assertThat(refused.offset()).isBetween(0L, (long) routes.length);
    }
    byte[] json = broken(DocumentFormat.JSON.toBytes(documents.slice()), random);
    try {
      SliceDocument read = DocumentFormat.JSON.readSlice(json);
      assertThat(DocumentFormat.JSON.readSlice(DocumentFormat.JSON.toBytes(read))).isEqualTo(read);
    } catch (DocumentException refused) {
      assertThat(refused.offset()).isBetween(0L, (long) json.length);
    }
  }

  /** Some bytes changed, and now and then a piece moved. */
  private static byte[] broken(byte[] bytes, SplittableRandom random) {
    byte[] broken = bytes.clone();
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(broken.length);
      switch (random.nextInt(4)) {
        case 0 -> broken[at] = (byte) random.nextInt(256);
        case 1 -> broken[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> broken[at] = random.nextBoolean() ? (byte) 0xff : 0;
        default -> {
          int length = random.nextInt(broken.length - at);
          int to = random.nextInt(broken.length - length);
          System.arraycopy(bytes, at, broken, to, length);
        }
      }
    }
    return broken;
  }

  @Example
  void noise_isRefused() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (noise.length > 6) {
        // Behind a right beginning, so that the rest is looked at.
        System.arraycopy(new byte[] {'S', 'T', 'W', 'A', 1, (byte) (1 + i % 4)}, 0, noise, 0, 6);
      }
      Function<byte[], ?> read =
          i % 4 < 2 ? DocumentFormat.BINARY::readSlice : DocumentFormat.BINARY::readRoutes;
      assertThatThrownBy(() -> read.apply(noise)).isInstanceOf(DocumentException.class);
      assertThatThrownBy(() -> DocumentFormat.JSON.readSlice(noise))
          .isInstanceOf(DocumentException.class);
    }
  }

  @Example
  void anotherVersion_isUnsupported_notMalformed() {
    byte[] slice = DocumentFormat.BINARY.toBytes(new RandomDocuments(1).slice());
    slice[4] = 2;
    assertThatThrownBy(() -> DocumentFormat.BINARY.readSlice(slice))
        .isInstanceOf(DocumentException.Unsupported.class)
        .hasMessage("byte 4: the format has version 2; 1 is read");
    String json = "{\"format\":\"stowage.portal-assignment\", \"version\": 7}";
    assertThatThrownBy(() -> DocumentFormat.JSON.readRoutes(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(DocumentException.Unsupported.class)
        .hasMessage("byte 50: the format has version 7; 1 is read");
  }

  @Example
  void documentOfAnotherKind_isUnsupported() {
    byte[] slice = DocumentFormat.BINARY.toBytes(new RandomDocuments(1).slice());
    assertThatThrownBy(() -> DocumentFormat.BINARY.readRoutes(slice))
        .isInstanceOf(DocumentException.Unsupported.class);
    byte[] json = DocumentFormat.JSON.toBytes(new RandomDocuments(1).slice());
    assertThatThrownBy(() -> DocumentFormat.JSON.readRoutes(json))
        .isInstanceOf(DocumentException.Unsupported.class);
  }

  @Example
  void jsonKeys_outOfOrderTwiceOrUnknown_areRefusedByPlace() {
    for (String json :
        new String[] {
          "{\"version\":1}",
          "{\"format\":\"stowage.portal-assignment\",\"format\":1}",
          "{\"format\":\"stowage.portal-assignment\",\"version\":1,\"extra\":1}"
        }) {
      assertThatThrownBy(
              () -> DocumentFormat.JSON.readRoutes(json.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(DocumentException.Malformed.class)
          .hasMessageContaining("the key \"");
    }
  }

  @Example
  void delta_ofAnotherBase_isRefused() {
    SliceDocument held = null;
    SliceDocument delta = null;
    for (long seed = 0; held == null || delta == null; seed++) {
      SliceDocument drawn = new RandomDocuments(seed).slice();
      held = drawn.isFull() ? drawn : held;
      delta = drawn.isFull() ? delta : drawn;
    }
    SliceDocument base = held;
    SliceDocument change = delta;
    assertThat(base.after(base)).isSameAs(base);
    assertThatThrownBy(() -> change.after(base))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not continue assignment " + base.id());
  }
}
