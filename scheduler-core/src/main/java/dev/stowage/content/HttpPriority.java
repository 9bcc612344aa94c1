package dev.stowage.content;

/** A priority of RFC 9218: urgency 0 (most urgent) to 7, and whether a part is already useful. */
public record HttpPriority(int urgency, boolean incremental) {
  /** The urgency of a field without one. */
  public static final int DEFAULT_URGENCY = 3;

  /** The meaning of an empty field. */
  public static final HttpPriority DEFAULT = new HttpPriority(DEFAULT_URGENCY, false);

  /** Throws {@link IllegalArgumentException} for an urgency out of range. */
  public HttpPriority {
    PriorityClass.ofUrgency(urgency);
  }

  /**
   * Parses a field; unknown keys and values out of range are ignored, the last of a repeated key
   * counts, and a field that is no dictionary (RFC 8941, section 3.2) reads as empty.
   */
  public static HttpPriority parse(String field) {
    return new PriorityFieldParser(field).parse();
  }

  /** Returns the class of the urgency. */
  public PriorityClass priorityClass() {
    return PriorityClass.ofUrgency(urgency);
  }

  /** Returns the shortest field, without defaults; empty for the default. */
  public String print() {
    String first = urgency == DEFAULT_URGENCY ? "" : "u=" + urgency;
    if (!incremental) {
      return first;
    }
    return first.isEmpty() ? "i" : first + ", i";
  }
}
