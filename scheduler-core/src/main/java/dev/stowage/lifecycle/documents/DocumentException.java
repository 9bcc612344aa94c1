package dev.stowage.lifecycle.documents;

import dev.stowage.columns.ForeignText;

/** Thrown for bytes of no document: discard the bytes and request a full document. */
public abstract sealed class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  private DocumentException(long offset, String message) {
    super("byte " + offset + ": " + ForeignText.message(message));
    this.offset = offset;
  }

  /** Returns the byte of the error, from 0 to the length. */
  public long offset() {
    return offset;
  }

  /** Thrown for bytes that violate the format: cut off, out of order, repeated, left over. */
  public static final class Malformed extends DocumentException {
    private static final long serialVersionUID = 1L;

    Malformed(long offset, String message) {
      super(offset, message);
    }
  }

  /** Thrown for a document of another version of the format or of another kind. */
  public static final class Unsupported extends DocumentException {
    private static final long serialVersionUID = 1L;

    Unsupported(long offset, String message) {
      super(offset, message);
    }
  }
}
