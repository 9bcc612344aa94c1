package dev.stowage.content;

/**
 * The priority field of RFC 9218, an extensible priority scheme for HTTP.
 *
 * @param urgency 0, most urgent, to 7
 * @param incremental whether a part of it is already useful
 */
public record HttpPriority(int urgency, boolean incremental) {
  /** The urgency of who names none. */
  public static final int DEFAULT_URGENCY = 3;

  /** What an empty field means. */
  public static final HttpPriority DEFAULT = new HttpPriority(DEFAULT_URGENCY, false);

  /** Refuses an urgency out of range with {@link IllegalArgumentException}. */
  public HttpPriority {
    PriorityClass.ofUrgency(urgency);
  }

  /**
   * Reads a field. Keys that are unknown and values that are of another type or out of range are
   * passed over, which leaves the default; of a key that repeats the last counts. A field that is
   * no dictionary at all (RFC 8941, section 3.2) is read as empty.
   */
  public static HttpPriority parse(String field) {
    return new PriorityFieldParser(field).parse();
  }

  /** The class that the urgency means. */
  public PriorityClass priorityClass() {
    return PriorityClass.ofUrgency(urgency);
  }

  /** The field in its shortest form, without what is the default; empty for the default. */
  public String print() {
    String first = urgency == DEFAULT_URGENCY ? "" : "u=" + urgency;
    if (!incremental) {
      return first;
    }
    return first.isEmpty() ? "i" : first + ", i";
  }
}
