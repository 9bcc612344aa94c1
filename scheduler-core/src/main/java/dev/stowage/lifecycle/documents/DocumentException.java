package dev.stowage.lifecycle.documents;

/**
 * Bytes that are no assignment document. What was read of them must not be used: whoever applies
 * documents keeps what it has, and asks for a full one.
 */
public abstract sealed class DocumentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;

  private DocumentException(long offset, String message) {
    super("byte " + offset + ": " + message);
    this.offset = offset;
  }

  /** The byte at which what was expected is not there; at least 0, at most the length. */
  public long offset() {
    return offset;
  }

  /** Bytes that are not what the format says: cut off, out of order, named twice, left over. */
  public static final class Malformed extends DocumentException {
    private static final long serialVersionUID = 1L;

    Malformed(long offset, String message) {
      super(offset, message);
    }
  }

  /** A document of another version of the format, or of another kind than was asked for. */
  public static final class Unsupported extends DocumentException {
    private static final long serialVersionUID = 1L;

    Unsupported(long offset, String message) {
      super(offset, message);
    }
  }
}
