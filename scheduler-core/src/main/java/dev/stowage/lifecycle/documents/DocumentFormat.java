package dev.stowage.lifecycle.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

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
    void write(SliceDocument slice, ByteOutput out) throws IOException {
      BinarySlices.write(slice, out);
    }

    @Override
    void write(RoutesSource routes, ByteOutput out) throws IOException {
      BinaryRoutes.write(routes, out);
    }

    @Override
    public SliceDocument readSlice(byte[] bytes) {
      return BinarySlices.read(bytes);
    }

    @Override
    public RoutesDocument readRoutes(byte[] bytes) {
      return BinaryRoutes.read(bytes);
    }
  },

  /**
   * One JSON object, its keys in a fixed order. Reading allows white space between tokens and any
   * spelling of a text; numbers of 64 bits are numbers, so a reader must not go through doubles.
   */
  JSON {
    @Override
    void write(SliceDocument slice, ByteOutput out) throws IOException {
      JsonDocuments.write(slice, out);
    }

    @Override
    void write(RoutesSource routes, ByteOutput out) throws IOException {
      JsonDocuments.write(routes, out);
    }

    @Override
    public SliceDocument readSlice(byte[] bytes) {
      return JsonDocuments.readSlice(bytes);
    }

    @Override
    public RoutesDocument readRoutes(byte[] bytes) {
      return JsonDocuments.readRoutes(bytes);
    }
  };

  /** The version of both formats. */
  public static final int VERSION = 1;

  private interface Writing {
    void to(ByteOutput out) throws IOException;
  }

  /**
   * Writes a worker's document.
   *
   * @throws IOException if {@code out} does
   */
  public void write(SliceDocument slice, OutputStream out) throws IOException {
    ByteOutput pieces = new ByteOutput(out);
    write(slice, pieces);
    pieces.flush();
  }

  /**
   * Writes a portal's document.
   *
   * @throws IOException if {@code out} does
   */
  public void write(RoutesDocument routes, OutputStream out) throws IOException {
    ByteOutput pieces = new ByteOutput(out);
    write(RoutesSource.of(routes), pieces);
    pieces.flush();
  }

  /**
   * Writes a portal assignment as a full document, route by route: the same bytes as the document
   * of it would be.
   *
   * @throws IOException if {@code out} does
   */
  public void write(PortalAssignment assignment, OutputStream out) throws IOException {
    ByteOutput pieces = new ByteOutput(out);
    write(assignment.source(), pieces);
    pieces.flush();
  }

  /** A worker's document as bytes. */
  public byte[] toBytes(SliceDocument slice) {
    return collect(out -> write(slice, out));
  }

  /** A portal's document as bytes. */
  public byte[] toBytes(RoutesDocument routes) {
    return collect(out -> write(RoutesSource.of(routes), out));
  }

  /**
   * Reads a worker's document, full or not.
   *
   * @throws DocumentException naming the byte, if it is none, or of another version or kind
   */
  public abstract SliceDocument readSlice(byte[] bytes);

  /**
   * Reads a portal's document, full or not.
   *
   * @throws DocumentException naming the byte, if it is none, or of another version or kind
   */
  public abstract RoutesDocument readRoutes(byte[] bytes);

  abstract void write(SliceDocument slice, ByteOutput out) throws IOException;

  abstract void write(RoutesSource routes, ByteOutput out) throws IOException;

  private static byte[] collect(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteOutput out = new ByteOutput(bytes);
    try {
      writing.to(out);
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
