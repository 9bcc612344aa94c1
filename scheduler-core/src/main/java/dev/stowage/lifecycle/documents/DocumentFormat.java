package dev.stowage.lifecycle.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * How assignment documents are written and read: as binary for machines, as JSON for people and for
 * clients in other languages. Both are canonical: equal documents are equal bytes. What is read may
 * come from anywhere: whatever is not such a document is refused with a {@link DocumentException}
 * that names the byte, and costs no more memory than it is long. The tables of both formats are in
 * {@code docs/assignments.md}. Stateless and thread-safe.
 */
public enum DocumentFormat {
  /** Compact; the exact size of a document is known without writing it. */
  BINARY {
    @Override
    Fields writer(Supplier<DocumentTables> tables, ByteOutput out) {
      return new BinaryWriter(out, tables.get());
    }

    @Override
    Fields reader(byte[] bytes) {
      return new BinaryReader(bytes);
    }
  },

  /**
   * One JSON object, its keys in a fixed order. Reading allows white space between tokens and any
   * spelling of a text; numbers of 64 bits are numbers, so a reader must not go through doubles.
   */
  JSON {
    @Override
    Fields writer(Supplier<DocumentTables> tables, ByteOutput out) {
      return new JsonWriter(out);
    }

    @Override
    Fields reader(byte[] bytes) {
      return new JsonReader(bytes);
    }
  };

  /** The version of both formats. */
  public static final int VERSION = 1;

  /**
   * Writes a worker's document.
   *
   * @throws IOException if {@code out} does
   */
  public void write(SliceDocument slice, OutputStream out) throws IOException {
    write(slice::fields, () -> DocumentTables.of(slice::fields), out);
  }

  /**
   * Writes a portal's document.
   *
   * @throws IOException if {@code out} does
   */
  public void write(RoutesDocument routes, OutputStream out) throws IOException {
    RoutesSource source = routes.source();
    write(source::fields, () -> DocumentTables.of(source::fields), out);
  }

  /**
   * Writes a portal assignment as a full document, route by route: the same bytes as the document
   * of it would be.
   *
   * @throws IOException if {@code out} does
   */
  public void write(PortalAssignment assignment, OutputStream out) throws IOException {
    write(assignment.source()::fields, assignment::tables, out);
  }

  /** A worker's document as bytes. */
  public byte[] toBytes(SliceDocument slice) {
    return toBytes(slice::fields);
  }

  /** A portal's document as bytes. */
  public byte[] toBytes(RoutesDocument routes) {
    return toBytes(routes.source()::fields);
  }

  /**
   * Reads a worker's document, full or not.
   *
   * @throws DocumentException naming the byte, if it is none, or of another version or kind
   */
  public SliceDocument readSlice(byte[] bytes) {
    return SliceDocument.read(reader(bytes));
  }

  /**
   * Reads a portal's document, full or not.
   *
   * @throws DocumentException naming the byte, if it is none, or of another version or kind
   */
  public RoutesDocument readRoutes(byte[] bytes) {
    return RoutesSource.NOTHING.fields(reader(bytes)).get();
  }

  /** What writes a document that uses these tables. */
  abstract Fields writer(Supplier<DocumentTables> tables, ByteOutput out);

  abstract Fields reader(byte[] bytes);

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
    document.name(writer(tables, pieces));
    pieces.flush();
  }
}
