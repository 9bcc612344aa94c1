package dev.stowage.engine.flight;

import dev.stowage.StageTimes.Stage;

/** A stage of a facade's work from its begin to its end. */
public final class Span {
  private final Stage stage;
  private final StageEvent event = new StageEvent();
  private final long since;

  private Span(Stage stage) {
    this.stage = stage;
    event.begin();
    since = Stopwatch.nanos();
  }

  /** Begins a stage. */
  public static Span begin(Stage stage) {
    return new Span(stage);
  }

  /** Returns the stage. */
  public Stage stage() {
    return stage;
  }

  /** Returns the tick of the command, 0 without one. */
  public long tick() {
    return event.tick;
  }

  /** Says of which command it is. */
  public Span of(String kind, long tick) {
    event.kind = kind;
    event.tick = tick;
    return this;
  }

  /** Says how the command was answered. */
  public void answered(String code) {
    event.answer = code;
  }

  /** Ends the stage, and returns how many nanoseconds it took. */
  public long end() {
    long nanos = Stopwatch.nanos() - since;
    event.stage = stage.name();
    event.commit();
    return nanos;
  }

  /** Tells Flight Recorder of an event of note. */
  public static void note(String name, String line) {
    NoteEvent note = new NoteEvent();
    note.event = name;
    note.line = line;
    note.commit();
  }
}
