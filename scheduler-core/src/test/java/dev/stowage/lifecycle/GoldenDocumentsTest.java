package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Version 1 of the formats, byte by byte: what was written once can be read for ever. A change that
 * fails here needs another version.
 */
class GoldenDocumentsTest {
  private static final Lineage LINEAGE = Lineage.of(0xa7);
  private static final WorkerId ONE = WorkerId.of("mirror-1");
  private static final WorkerId TWO = WorkerId.of("mirror-2");

  private static final SliceDocument SLICE =
      new SliceDocument(
          new SliceHeader(
              LINEAGE,
              WorkerAssignmentId.of(12),
              Optional.empty(),
              ONE,
              Incarnation.of(1),
              0,
              0,
              false),
          List.of(),
          List.of(),
          List.of(entry("mon", 1, 1 << 20, 9), entry("tue", 4, 1 << 19, 12)));

  private static final SliceDocument SLICE_DELTA =
      new SliceDocument(
          new SliceHeader(
              LINEAGE,
              WorkerAssignmentId.of(300),
              Optional.of(WorkerAssignmentId.of(12)),
              ONE,
              Incarnation.of(1),
              0,
              17,
              true),
          List.of(new ChunkNumber(Lineage.of(5), 9)),
          List.of(number(1)),
          List.of(entry("w\"é", 5, 700, 13)));

  private static final RoutesDocument ROUTES =
      new RoutesDocument(
          LINEAGE,
          PortalAssignmentId.of(8),
          Optional.empty(),
          List.of(),
          List.of(route("mon", 0, 99, 1, ONE, TWO), route("tue", 100, 199, 4)));

  private static final RoutesDocument ROUTES_DELTA =
      new RoutesDocument(
          LINEAGE,
          PortalAssignmentId.of(9),
          Optional.of(PortalAssignmentId.of(8)),
          List.of(ChunkKey.of("logs", "mon")),
          List.of(route("tue", 100, 199, 4, TWO), route("wed", 200, Long.MAX_VALUE, 5, ONE, TWO)));

  private static ChunkNumber number(long counter) {
    return new ChunkNumber(LINEAGE, counter);
  }

  private static SliceEntry entry(String id, long counter, long bytes, long since) {
    return new SliceEntry(ChunkKey.of("logs", id), number(counter), bytes, since);
  }

  private static Route route(String id, long first, long last, long counter, WorkerId... workers) {
    return new Route(
        ChunkKey.of("logs", id),
        BlockRange.of(first, last),
        number(counter),
        1 << 20,
        List.of(workers),
        Stream.of(workers).map(it -> it.equals(ONE) ? "eu/hall-b" : "").toList());
  }

  @Test
  void workersDocuments_areTheseBytes() throws IOException {
    for (DocumentFormat format : DocumentFormat.values()) {
      byte[] full = golden("worker-assignment", format);
      assertThat(format.toBytes(SLICE)).isEqualTo(full);
      assertThat(format.readSlice(full)).isEqualTo(SLICE);
      byte[] delta = golden("worker-assignment-delta", format);
      assertThat(format.toBytes(SLICE_DELTA)).isEqualTo(delta);
      assertThat(format.readSlice(delta)).isEqualTo(SLICE_DELTA);
    }
  }

  @Test
  void portalsDocuments_areTheseBytes() throws IOException {
    for (DocumentFormat format : DocumentFormat.values()) {
      byte[] full = golden("portal-assignment", format);
      assertThat(format.toBytes(ROUTES)).isEqualTo(full);
      assertThat(format.readRoutes(full)).isEqualTo(ROUTES);
      byte[] delta = golden("portal-assignment-delta", format);
      assertThat(format.toBytes(ROUTES_DELTA)).isEqualTo(delta);
      assertThat(format.readRoutes(delta)).isEqualTo(ROUTES_DELTA);
    }
  }

  @Test
  void delta_appliedToWhatItStartsFrom_isTheNextDocument() {
    SliceDocument slice = SLICE_DELTA.after(SLICE);
    assertThat(slice.put())
        .containsExactly(entry("tue", 4, 1 << 19, 12), entry("w\"é", 5, 700, 13));
    assertThat(slice.header().inventoryReport()).isEqualTo(17);
    assertThat(slice.isFull()).isTrue();
    RoutesDocument routes = ROUTES_DELTA.after(ROUTES);
    assertThat(routes.put()).isEqualTo(ROUTES_DELTA.put());
    assertThat(routes.id()).isEqualTo(PortalAssignmentId.of(9));
  }

  @Test
  void page_showsTheseDocuments() throws IOException {
    Path file = Path.of("..", "docs", "internals", "document-format.md");
    String page = Files.readString(file, StandardCharsets.UTF_8);
    for (String name :
        List.of(
            "worker-assignment",
            "worker-assignment-delta",
            "portal-assignment",
            "portal-assignment-delta")) {
      assertThat(page).contains(text(name + ".json").strip());
    }
    assertThat(page).contains(text("worker-assignment.hex").strip());
  }

  private static byte[] golden(String name, DocumentFormat format) throws IOException {
    return format == DocumentFormat.JSON
        ? text(name + ".json").strip().getBytes(StandardCharsets.UTF_8)
        : HexFormat.of().parseHex(text(name + ".hex").replaceAll("\\s", ""));
  }

  private static String text(String file) throws IOException {
    try (InputStream in = GoldenDocumentsTest.class.getResourceAsStream("golden/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
