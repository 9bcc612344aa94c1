package dev.stowage.lifecycle.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * The canonical formats of assignment documents ({@code docs/internals/document-format.md}): equal
 * documents are equal bytes. Reading untrusted input throws {@link DocumentException} and allocates
 * memory in proportion to its length. Stateless and thread-safe.
 */
public enum DocumentFormat {
  /** Compact; the exact size of a document is known without writing it. */
  BINARY,

  /** One JSON object with ordered keys; 64-bit numbers are not to be read as doubles. */
  JSON;

  /** The version of both formats. */
  public static final int VERSION = 1;

  /** Writes a worker's document; throws {@code IOException} if {@code out} does. */
  public void write(SliceDocument slice, OutputStream out) throws IOException {
    write(slice::fields, () -> DocumentTables.of(slice::fields), out);
  }

  /** Writes a portal's document; throws {@code IOException} if {@code out} does. */
  public void write(RoutesDocument routes, OutputStream out) throws IOException {
    RoutesSource source = routes.source();
    write(source::fields, () -> DocumentTables.of(source::fields), out);
  }

  /** Writes a full document, route by route; throws {@code IOException} if {@code out} does. */
  public void write(PortalAssignment assignment, OutputStream out) throws IOException {
    write(assignment.source()::fields, assignment::tables, out);
  }

  /** Returns a worker's document as bytes. */
  public byte[] toBytes(SliceDocument slice) {
    return toBytes(slice::fields);
  }

  /** Returns a portal's document as bytes. */
  public byte[] toBytes(RoutesDocument routes) {
    return toBytes(routes.source()::fields);
  }

  /** Reads a worker's document, full or not; throws {@link DocumentException} for others. */
  public SliceDocument readSlice(byte[] bytes) {
    return SliceDocument.read(reader(bytes));
  }

  /** Reads a portal's document, full or not; throws {@link DocumentException} for others. */
  public RoutesDocument readRoutes(byte[] bytes) {
    return RoutesSource.NOTHING.fields(reader(bytes)).get();
  }

  private Fields reader(byte[] bytes) {
    return this == BINARY ? new BinaryReader(bytes) : new JsonReader(bytes);
  }

  private void write(Fields.Document document, Supplier<DocumentTables> tables, OutputStream out)
      throws IOException {
    try {
      put(document, tables, out);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  byte[] toBytes(Fields.Document document) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    put(document, () -> DocumentTables.of(document), bytes);
    return bytes.toByteArray();
  }

  private void put(Fields.Document document, Supplier<DocumentTables> tables, OutputStream out) {
    ByteOutput pieces = new ByteOutput(out);
    document.name(this == BINARY ? new BinaryWriter(pieces, tables.get()) : new JsonWriter(pieces));
    pieces.flush();
  }
}
