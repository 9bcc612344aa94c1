package dev.stowage.benchmarks.peers;

/** The events on a fleet at rest, as the published figures define them. */
public enum Event {
  /** Nothing is held: everything is placed. */
  SCRATCH("scratch"),
  /** Nothing changes. */
  STEADY("steady"),
  /** One worker is gone. */
  LEAVE("leave"),
  /** One empty worker is added. */
  JOIN("join"),
  /** Every tenth worker is gone. */
  TENTH("10 % leave"),
  /** One chunk more for every fifty. */
  GROWTH("+2 %");

  private final String title;

  Event(String title) {
    this.title = title;
  }

  /** Returns the name of the event in tables and on the command line. */
  public String title() {
    return title;
  }

  /**
   * Returns the event of a title or a name in lower case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Event of(String text) {
    for (Event event : values()) {
      if (event.title.equals(text) || event.name().equalsIgnoreCase(text)) {
        return event;
      }
    }
    throw new IllegalArgumentException("no event is called " + text);
  }
}
