package dev.stowage.benchmarks.peers;

/** The events on a fleet at rest, as the published figures define them. */
public enum PeerEvent {
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

  PeerEvent(String title) {
    this.title = title;
  }

  /** Returns the name of the event in tables. */
  public String title() {
    return title;
  }
}
